/**
 * The types of an expression, as Prometheus' own parser checks them when it loads a rule: what it refuses here, it
 * refuses with the whole file. Offsets are from 0, into the expression.
 */
import type { SyntaxNode } from '@lezer/common';
import { aggregations, functions, type Signature, type ValueType } from './functions.ts';
import { durationOf, patternProblem, stringOf } from './literals.ts';
import type { Problem, Report } from './problem.ts';
import { checkSelector, checkString, reportQuotedName } from './selectors.ts';
import { operandsOf, operatorOf } from './syntax.ts';

/** What an expression gives, and everything that Prometheus refuses in it though its grammar accepts it. */
export function typed(top: SyntaxNode, text: string): { type: ValueType | null; problems: Problem[] } {
  const typing = new Typing(text);
  const type = typing.typeOf(top);
  return { type, problems: typing.problems.sort((a, b) => a.from - b.from) };
}

const COMPARISONS = new Set(['Eql', 'Neq', 'Gtr', 'Lss', 'Gte', 'Lte']);
const SETS = new Set(['And', 'Or', 'Unless']);
export const AN: Record<ValueType, string> = {
  scalar: 'a number',
  'instant vector': 'an instant vector',
  'range vector': 'a range vector',
  string: 'a text',
};

class Typing {
  readonly problems: Problem[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  readonly #report: Report = ({ from, to }, message, help) =>
    this.problems.push({ from, to, message, ...(help === undefined ? {} : { help }) });

  #textOf(node: SyntaxNode | null | undefined): string {
    return node ? this.#text.slice(node.from, node.to) : '';
  }

  /** Null where a part is wrong already: one mistake, one finding. */
  typeOf(node: SyntaxNode): ValueType | null {
    switch (node.name) {
      case 'NumberDurationLiteral':
        return this.#number(node);
      case 'StringLiteral':
        return checkString(node, this.#text, this.#report) === null ? null : 'string';
      case 'VectorSelector':
        checkSelector(node, this.#text, this.#report);
        return 'instant vector';
      case 'MatrixSelector':
        return this.#matrix(node);
      case 'SubqueryExpr':
        return this.#subquery(node);
      case 'OffsetExpr':
      case 'StepInvariantExpr':
        return this.#shifted(node);
      case 'ParenExpr':
        return this.#only(node);
      case 'UnaryExpr':
        return this.#unary(node);
      case 'FunctionCall':
        return this.#call(node);
      case 'AggregateExpr':
        return this.#aggregation(node);
      case 'BinaryExpr':
        return this.#binary(node);
      default:
        this.#report(node, 'Not every Prometheus in our environments supports this.');
        return null;
    }
  }

  #only(node: SyntaxNode): ValueType | null {
    const [inner] = operandsOf(node);
    return inner ? this.typeOf(inner) : null;
  }

  #number(node: SyntaxNode): ValueType | null {
    const stated = this.#textOf(node);
    if (stated.includes('_')) {
      this.#report(node, `'${stated}' is a number for Prometheus 3 only.`, 'leave the underscores out');
      return null;
    }
    if (!isDuration(stated)) return 'scalar';
    this.#report(node, `'${stated}' is a duration, and a number must stand here.`, 'write it in seconds');
    return null;
  }

  #matrix(node: SyntaxNode): ValueType | null {
    const [inner] = operandsOf(node);
    if (!inner) return null;
    if (inner.name !== 'VectorSelector') {
      const hint = ['OffsetExpr', 'StepInvariantExpr'].includes(inner.name)
        ? 'put the window before `offset` and `@`'
        : 'a subquery has a colon: `[5m:]`';
      this.#report(node, 'Only a metric can have a range such as [5m].', hint);
      return null;
    }
    this.typeOf(inner);
    this.#durations(node);
    return 'range vector';
  }

  #subquery(node: SyntaxNode): ValueType {
    const [inner] = operandsOf(node);
    this.#durations(node);
    if (inner) this.#expect(inner, 'instant vector', 'A subquery');
    return 'range vector';
  }

  #durations(node: SyntaxNode): void {
    for (const duration of node.getChildren('DurationExpr')) this.#duration(duration);
  }

  #duration(node: SyntaxNode): void {
    // Only an offset goes back and forth.
    const stated = this.#textOf(node).replace(node.name === 'OffsetDurationExpr' ? /^-\s*/ : '', '');
    const seconds = durationOf(stated);
    if (typeof seconds === 'string') this.#report(node, `'${stated}' is no duration here: ${seconds}.`);
  }

  #shifted(node: SyntaxNode): ValueType | null {
    const [inner] = operandsOf(node);
    if (!inner) return null;
    const word = node.name === 'OffsetExpr' ? 'offset' : '@';
    const [shifted, twice] = shiftedBy(inner, node.name);
    if (twice) this.#report(node, `\`${word}\` stands twice for the same series.`);
    else if (!['VectorSelector', 'MatrixSelector', 'SubqueryExpr'].includes(shifted.name))
      this.#report(
        node,
        `\`${word}\` belongs directly behind a selector or a subquery.`,
        'move it inside, to the metric',
      );
    for (const duration of node.getChildren('OffsetDurationExpr')) this.#duration(duration);
    for (const moment of node.name === 'StepInvariantExpr' ? operandsOf(node).slice(1) : []) this.#moment(moment);
    return this.typeOf(inner);
  }

  #moment(node: SyntaxNode): void {
    const stated = this.#textOf(node);
    if (isDuration(stated) || !Number.isFinite(Number(stated)))
      this.#report(node, `'${stated}' is no moment: behind \`@\` stand seconds since 1970.`);
  }

  #unary(node: SyntaxNode): ValueType | null {
    const type = this.#only(node);
    if (type === null || type === 'scalar' || type === 'instant vector') return type;
    this.#report(node, `A sign needs a number or an instant vector, but this is ${AN[type]}.`);
    return null;
  }

  #call(node: SyntaxNode): ValueType | null {
    const name = this.#textOf(node.getChild('FunctionIdentifier'));
    const signature = functions.get(name);
    const given = argumentsOf(node);
    if (!signature) {
      this.#report(node, `Not every Prometheus in our environments supports ${name}().`);
      for (const each of given) this.typeOf(each);
      return null;
    }
    this.#count(node, name, signature, given.length);
    for (const [index, each] of given.entries()) {
      const wanted = typeAt(signature, index);
      if (wanted) this.#expect(each, wanted, `${name}()`);
      else this.typeOf(each);
    }
    if (name === 'label_replace' || name === 'label_join') this.#labelCall(name, given);
    return signature.gives;
  }

  #count(node: SyntaxNode, name: string, { takes, may, isOpen }: Signature, given: number): void {
    const [least, most] = [takes.length, isOpen ? Number.POSITIVE_INFINITY : takes.length + may.length];
    if (given >= least && given <= most) return;
    const wanted = isOpen ? `at least ${least}` : least === most ? String(least) : `${least} to ${most}`;
    this.#report(node, `${name}() takes ${wanted} argument${wanted === '1' ? '' : 's'}, and gets ${given}.`);
  }

  /** Prometheus looks at these only when the rule runs, and then fails each time. */
  #labelCall(name: string, given: readonly SyntaxNode[]): void {
    const labels = name === 'label_replace' ? [given[1], given[3]] : [given[1], ...given.slice(3)];
    for (const each of labels) {
      const label = each?.name === 'StringLiteral' ? stringOf(this.#textOf(each)) : null;
      if (each && label !== null && !/^[a-zA-Z_]\w*$/.test(label))
        this.#report(each, `'${label}' is no name of a label.`);
    }
    const pattern = name === 'label_replace' ? given[4] : undefined;
    const value = pattern?.name === 'StringLiteral' ? stringOf(this.#textOf(pattern)) : null;
    const problem = value === null ? null : patternProblem(value);
    if (pattern && problem !== null) this.#report(pattern, `This is not a valid regular expression: ${problem}.`);
  }

  #aggregation(node: SyntaxNode): ValueType | null {
    const name = this.#textOf(node.getChild('AggregateOp')).toLowerCase();
    const given = argumentsOf(node);
    const parameter = aggregations.get(name);
    if (parameter === undefined) {
      this.#report(node, `Not every Prometheus in our environments supports ${name}().`);
      return null;
    }
    const wanted = parameter === null ? 1 : 2;
    if (given.length !== wanted) {
      this.#report(node, `${name}() takes ${wanted} argument${wanted === 1 ? '' : 's'}, and gets ${given.length}.`);
      return 'instant vector';
    }
    if (parameter !== null && given[0]) this.#expect(given[0], parameter, `${name}()`);
    const grouping = node.getChild('AggregateModifier')?.getChild('GroupingLabels');
    if (grouping) this.#labels(grouping);
    const vector = given.at(-1);
    if (vector) this.#expect(vector, 'instant vector', `${name}()`);
    return 'instant vector';
  }

  #expect(node: SyntaxNode, wanted: ValueType, where: string): void {
    const type = this.typeOf(node);
    if (type === null || type === wanted) return;
    this.#report(node, `${where} needs ${AN[wanted]} here, but this is ${AN[type]}.`, hintFor(type, wanted));
  }

  #binary(node: SyntaxNode): ValueType | null {
    const [left, right] = operandsOf(node);
    if (!left || !right) return null;
    const types = [this.typeOf(left), this.typeOf(right)] as const;
    for (const [index, each] of [left, right].entries()) this.#operand(each, types[index] ?? null);
    const [one, other] = types;
    if (one === null || other === null || !isValue(one) || !isValue(other)) return null;
    this.#operator(node, one === 'scalar', other === 'scalar');
    this.#matching(node, one === 'instant vector' && other === 'instant vector');
    return one === 'scalar' && other === 'scalar' ? 'scalar' : 'instant vector';
  }

  #operand(node: SyntaxNode, type: ValueType | null): void {
    if (type === null || isValue(type)) return;
    const hint = type === 'range vector' ? 'wrap it in a function such as rate() or max_over_time()' : undefined;
    this.#report(node, `An operator needs numbers or instant vectors, but this is ${AN[type]}.`, hint);
  }

  #operator(node: SyntaxNode, isLeftNumber: boolean, isRightNumber: boolean): void {
    const operator = operatorOf(node) ?? '';
    const isComparison = COMPARISONS.has(operator);
    const bool = node.getChild('BoolModifier');
    if (bool && !isComparison) this.#report(bool, '`bool` belongs to a comparison.');
    if (SETS.has(operator) && (isLeftNumber || isRightNumber))
      this.#report(node, '`and`, `or` and `unless` stand between instant vectors, and one side is a number.');
    else if (isComparison && !bool && isLeftNumber && isRightNumber)
      this.#report(node, 'Two numbers are compared, which needs `bool`.', 'one side must be a metric');
  }

  #matching(node: SyntaxNode, isBetweenVectors: boolean): void {
    const matching = node.getChild('MatchingModifierClause');
    if (!matching) return;
    const [labels, included] = matching.getChildren('GroupingLabels').map((each) => this.#labels(each));
    const isGrouped = matching.getChild('GroupLeft') ?? matching.getChild('GroupRight');
    if (!isBetweenVectors && labels && labels.length > 0)
      this.#report(matching, '`on` and `ignoring` stand between two instant vectors.');
    if (isBetweenVectors && isGrouped && SETS.has(operatorOf(node) ?? ''))
      this.#report(matching, '`group_left` and `group_right` do not go with `and`, `or` and `unless`.');
    const twice = matching.getChild('On') ? labels?.find((label) => included?.includes(label)) : undefined;
    if (twice !== undefined)
      this.#report(matching, `The label ${twice} stands in \`on\` and in \`${this.#textOf(isGrouped)}\` at once.`);
  }

  #labels(node: SyntaxNode): string[] {
    for (const each of node.getChildren('QuotedLabelName')) reportQuotedName(each, this.#report);
    return node.getChildren('LabelName').map((each) => this.#textOf(each));
  }
}

const isDuration = (stated: string): boolean => /^[+-]?\d.*[smhdwy]$/.test(stated) && !/^[+-]?0x/i.test(stated);

const isValue = (type: ValueType): boolean => type === 'scalar' || type === 'instant vector';

const typeAt = ({ takes, may, isOpen }: Signature, index: number): ValueType | undefined =>
  takes[index] ?? may[index - takes.length] ?? (isOpen ? may.at(-1) : undefined);

const argumentsOf = (node: SyntaxNode): SyntaxNode[] => {
  const body = node.getChild('FunctionCallBody');
  return body ? operandsOf(body) : [];
};

/** What an `offset` or `@` is about, and whether another of its kind is about the same. */
function shiftedBy(inner: SyntaxNode, kind: string): [SyntaxNode, boolean] {
  // The grammar binds a sign closer than Prometheus does.
  if (inner.name === 'UnaryExpr') return [operandsOf(inner)[0] ?? inner, false];
  if (inner.name !== 'OffsetExpr' && inner.name !== 'StepInvariantExpr') return [inner, false];
  const [next] = operandsOf(inner);
  const [shifted, twice] = next ? shiftedBy(next, kind) : [inner, false];
  return [shifted, twice || inner.name === kind];
}

function hintFor(type: ValueType, wanted: ValueType): string | undefined {
  if (type === 'instant vector' && wanted === 'range vector') return 'give it a range, as in [5m]';
  if (type === 'range vector' && wanted === 'instant vector') return 'wrap it in a function such as rate()';
  if (type === 'scalar' && wanted === 'instant vector') return 'vector() makes one of a number';
  if (type === 'instant vector' && wanted === 'scalar') return 'scalar() makes one of a vector with one element';
  return undefined;
}
