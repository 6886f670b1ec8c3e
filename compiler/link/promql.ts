/** What an expression of Prometheus says, read by Prometheus' own grammar. Offsets are from 0, into the expression. */
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

interface Span {
  from: number;
  to: number;
}

export interface Selector extends Span {
  metric: string;
  /** Names of the functions around it, the innermost first. */
  functions: { name: string; from: number }[];
  /** Whether it is compared with something, without a function that makes a counter comparable. */
  isCompared: boolean;
}

export interface Range extends Span {
  seconds: number;
}

export interface Expression {
  /** Where it cannot be read; null where it can. */
  error: number | null;
  selectors: Selector[];
  ranges: Range[];
  /** Labels of what it gives; null where all of the metric's may be there. */
  labels: ReadonlySet<string> | null;
}

/** Grafana's own variables stand for a duration. */
const VARIABLE = /\$__\w+/g;

export function readExpression(stated: string): Expression {
  const text = stated.replace(VARIABLE, (each) => '5m'.padEnd(each.length));
  const tree = parser.parse(text);
  const result: Expression = { error: null, selectors: [], ranges: [], labels: null };
  tree.iterate({
    enter({ node }) {
      if (node.type.isError) result.error ??= node.from;
      else if (node.name === 'VectorSelector') selector(node, text, result);
      else if (node.name === 'MatrixSelector') range(node, text, result);
    },
  });
  const top = tree.topNode.firstChild;
  if (!top) return { ...result, error: 0 };
  return { ...result, labels: labelsOf(top, text) };
}

const COMPARISONS = new Set(['Gtr', 'Lss', 'Gte', 'Lte', 'Eql', 'Neq', 'EqlC']);
/** They make of a counter what can be compared, or only ask whether it is there. */
const COUNTED =
  /^(rate|irate|increase|resets|changes|delta|idelta|deriv|absent|absent_over_time|present_over_time|count_over_time|timestamp)$/;

function selector(node: SyntaxNode, text: string, result: Expression): void {
  const name = node.getChild('Identifier');
  if (!name) return;
  const functions: Selector['functions'] = [];
  let isCompared = false;
  let isCounted = false;
  for (let around = node.parent; around; around = around.parent) {
    if (around.name === 'FunctionCall') {
      const called = around.getChild('FunctionIdentifier');
      const function_ = called ? text.slice(called.from, called.to) : '';
      functions.push({ name: function_, from: around.from });
      if (COUNTED.test(function_)) isCounted = true;
    }
    if (around.name === 'AggregateExpr' && /^(count|group)\b/.test(text.slice(around.from))) isCounted = true;
    if (
      around.name === 'BinaryExpr' &&
      !isCounted &&
      operator(around) !== null &&
      COMPARISONS.has(operator(around) ?? '')
    )
      isCompared = true;
  }
  result.selectors.push({
    metric: text.slice(name.from, name.to),
    from: name.from,
    to: name.to,
    functions,
    isCompared,
  });
}

const operator = (node: SyntaxNode): string | null => {
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (COMPARISONS.has(child.name) || /^(Add|Sub|Mul|Div|Mod|Pow|And|Or|Unless|Atan2)$/.test(child.name))
      return child.name;
  return null;
};

const UNITS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };

function range(node: SyntaxNode, text: string, result: Expression): void {
  const duration = node.getChild('DurationExpr');
  if (!duration) return;
  const parts = [...text.slice(duration.from, duration.to).matchAll(/(\d+)(ms|[smhdwy])/g)];
  const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
  if (seconds > 0) result.ranges.push({ seconds, from: duration.from - 1, to: duration.to + 1 });
}

type Labels = ReadonlySet<string> | null;

/** After Prometheus' rules: an aggregation keeps what it is told to, a match what it matches on. */
function labelsOf(node: SyntaxNode, text: string): Labels {
  switch (node.name) {
    case 'AggregateExpr':
      return aggregated(node, text);
    case 'FunctionCall':
      return called(node, text);
    case 'BinaryExpr':
      return combined(node, text);
    case 'ParenExpr':
    case 'UnaryExpr':
    case 'SubqueryExpr':
    case 'StepInvariantExpr':
    case 'OffsetExpr':
      return node.firstChild ? labelsOf(operandsOf(node)[0] ?? node.firstChild, text) : null;
    case 'NumberDurationLiteral':
    case 'StringLiteral':
      return new Set();
    default:
      return null;
  }
}

const EXPRESSIONS = /Expr$|^(FunctionCall|VectorSelector|MatrixSelector|NumberDurationLiteral|StringLiteral)$/;

function operandsOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name === 'FunctionCallBody') found.push(...operandsOf(child));
    else if (EXPRESSIONS.test(child.name)) found.push(child);
  }
  return found;
}

const namesIn = (node: SyntaxNode, text: string): Set<string> =>
  new Set(
    node
      .getChild('GroupingLabels')
      ?.getChildren('LabelName')
      .map((each) => text.slice(each.from, each.to)),
  );

function aggregated(node: SyntaxNode, text: string): Labels {
  if (/^(topk|bottomk|limitk|limit_ratio)\b/.test(text.slice(node.from)))
    return operandsOf(node).at(-1) ? labelsOf(operandsOf(node).at(-1) as SyntaxNode, text) : null;
  const modifier = node.getChild('AggregateModifier');
  if (!modifier) return new Set();
  return modifier.getChild('By') ? namesIn(modifier, text) : null;
}

function called(node: SyntaxNode, text: string): Labels {
  const identifier = node.getChild('FunctionIdentifier');
  const name = identifier ? text.slice(identifier.from, identifier.to) : '';
  if (/^(label_replace|label_join|absent|absent_over_time|info)$/.test(name)) return null;
  if (/^(time|vector|scalar|pi)$/.test(name)) return new Set();
  const vector = operandsOf(node).find(
    ({ name: kind }) => kind !== 'NumberDurationLiteral' && kind !== 'StringLiteral',
  );
  const labels = vector ? labelsOf(vector, text) : new Set<string>();
  return name === 'histogram_quantile' && labels ? new Set([...labels].filter((label) => label !== 'le')) : labels;
}

function combined(node: SyntaxNode, text: string): Labels {
  const [left, right] = operandsOf(node);
  if (!left || !right) return null;
  const isNumber = (each: SyntaxNode): boolean =>
    each.name === 'NumberDurationLiteral' ||
    (each.name === 'FunctionCall' && /^(scalar|time|pi)\b/.test(text.slice(each.from)));
  if (isNumber(left)) return labelsOf(right, text);
  const matching = node.getChild('MatchingModifierClause');
  const set = operator(node);
  if (set === 'Or') {
    const [one, other] = [labelsOf(left, text), labelsOf(right, text)];
    return one && other ? new Set([...one, ...other]) : null;
  }
  if (isNumber(right) || set === 'And' || set === 'Unless' || !matching || matching.getChild('GroupLeft'))
    return labelsOf(left, text);
  if (matching.getChild('GroupRight')) return labelsOf(right, text);
  return matching.getChild('On') ? namesIn(matching, text) : labelsOf(left, text);
}
