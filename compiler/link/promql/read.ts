/** What an expression of Prometheus says, read by Prometheus' own grammar. Offsets are from 0, into the expression. */
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { isConstant } from './constant.ts';
import type { ValueType } from './functions.ts';
import { type Labels, type LabelsOfMetric, labelsOf, type Reading } from './labels.ts';
import { durationOf, stringOf } from './literals.ts';
import type { Problem } from './problem.ts';
import { operandsOf, operatorOf } from './syntax.ts';
import { typed } from './types.ts';

interface Span {
  from: number;
  to: number;
}

/** A condition on a label: `model="churn"`. */
export interface Matcher {
  label: Span & { text: string };
  operator: '=' | '!=' | '=~' | '!~';
  /** Its place is that of the text between the quotes. */
  value: Span & { text: string };
}

/** A label by which series are grouped or matched. */
export interface Grouping {
  label: Span & { text: string };
  /** Those that must have it, each with what it can have. */
  sides: { metrics: readonly string[]; labels: Labels }[];
}

export interface Selector extends Span {
  metric: string;
  matchers: Matcher[];
  /** Names of the functions around it, the innermost first. */
  functions: { name: string; from: number }[];
  /** Whether it is compared with something, without a function that makes a counter comparable. */
  isCompared: boolean;
}

export interface Range extends Span {
  seconds: number;
}

export interface Expression {
  /** Characters. */
  length: number;
  /** Where it cannot be read; null where it can. */
  error: number | null;
  /** What its grammar accepts and Prometheus refuses all the same, in the order of their places. */
  problems: Problem[];
  selectors: Selector[];
  ranges: Range[];
  groupings: Grouping[];
  /** Names that `histogram_quantile` is given, where the label `le` is lost on the way. */
  withoutBuckets: Span[];
  /** Null where a part is wrong. */
  type: ValueType | null;
  /** Whether it gives series at all times: nothing in it is compared, or asks whether something is there. */
  isConstant: boolean;
  /** Labels of what it gives; null where they are not known. */
  labels: Labels;
}

/** Grafana's own variables stand for a duration. */
const VARIABLE = /\$__\w+/g;

interface Settings {
  /** Whether Grafana puts its variables in before Prometheus sees the expression. */
  forGrafana: boolean;
  ofMetric?: LabelsOfMetric;
}

export function readExpression(stated: string, { forGrafana, ofMetric = () => null }: Settings): Expression {
  const text = stated.replace(VARIABLE, (each) => '5m'.padEnd(each.length));
  const tree = parser.parse(text);
  const result: Expression = {
    length: text.length,
    error: null,
    problems: [],
    selectors: [],
    ranges: [],
    groupings: [],
    withoutBuckets: [],
    type: null,
    isConstant: false,
    labels: null,
  };
  tree.iterate({
    enter({ node }) {
      if (node.type.isError) result.error ??= node.from;
      else if (node.name === 'VectorSelector') selector(node, text, result);
      else if (node.name === 'MatrixSelector') range(node, text, result);
      else if (node.name === 'GroupingLabels') grouping(node, { text, ofMetric }, result);
      else if (node.name === 'FunctionCall') quantile(node, { text, ofMetric }, result);
    },
  });
  const top = tree.topNode.firstChild;
  if (!top) return { ...result, error: 0 };
  if (result.error !== null) return result;
  const { type, problems } = typed(top, text);
  if (!forGrafana) problems.push(...grafanaVariables(stated));
  return { ...result, type, problems, isConstant: isConstant(top, text), labels: labelsOf(top, { text, ofMetric }) };
}

function grafanaVariables(text: string): Problem[] {
  return [...text.matchAll(VARIABLE)].map(({ index, 0: variable }) => ({
    from: index,
    to: index + variable.length,
    message: `${variable} belongs to Grafana; Prometheus does not know it.`,
    help: 'write a duration, as in 5m',
  }));
}

const COMPARISONS = new Set(['Gtr', 'Lss', 'Gte', 'Lte', 'Eql', 'Neq', 'EqlC']);
/** They make of a counter what can be compared, or only ask whether it is there. */
const COUNTED = new Set(
  (
    'rate irate increase resets changes delta idelta deriv absent absent_over_time present_over_time ' +
    'count_over_time timestamp'
  ).split(' '),
);

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
      if (COUNTED.has(function_)) isCounted = true;
    }
    if (around.name === 'AggregateExpr' && /^(count|group)\b/.test(text.slice(around.from))) isCounted = true;
    if (around.name === 'BinaryExpr' && !isCounted && COMPARISONS.has(operatorOf(around) ?? '')) isCompared = true;
  }
  result.selectors.push({
    metric: text.slice(name.from, name.to),
    matchers: matchersOf(node, text),
    from: name.from,
    to: name.to,
    functions,
    isCompared,
  });
}

function range(node: SyntaxNode, text: string, result: Expression): void {
  const duration = node.getChild('DurationExpr');
  if (!duration) return;
  const seconds = durationOf(text.slice(duration.from, duration.to));
  if (typeof seconds === 'number') result.ranges.push({ seconds, from: duration.from - 1, to: duration.to + 1 });
}

const OPERATORS: Record<string, Matcher['operator']> = { EqlSingle: '=', Neq: '!=', EqlRegex: '=~', NeqRegex: '!~' };

function matchersOf(node: SyntaxNode, text: string): Matcher[] {
  return (node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []).flatMap((matcher) => {
    const [label, literal] = [matcher.getChild('LabelName'), matcher.getChild('StringLiteral')];
    const operator = OPERATORS[matcher.getChild('MatchOp')?.firstChild?.name ?? ''];
    const value = literal ? stringOf(text.slice(literal.from, literal.to)) : null;
    if (!label || !literal || !operator || value === null) return [];
    return [
      { label: named(label, text), operator, value: { text: value, from: literal.from + 1, to: literal.to - 1 } },
    ];
  });
}

const named = ({ from, to }: SyntaxNode, text: string) => ({ from, to, text: text.slice(from, to) });

/** Labels that `by`, `without`, `on` and `group_left` name, with the expressions that must have them. */
function grouping(node: SyntaxNode, reading: Reading, result: Expression): void {
  const grouped = node.parent?.parent;
  if (!grouped) return;
  const [left, right] = operandsOf(grouped);
  const before = node.prevSibling?.name;
  // What is ignored need not be on both sides, and what is added comes from the side that has one.
  const sides =
    grouped.name === 'AggregateExpr'
      ? [operandsOf(grouped).at(-1)]
      : before === 'GroupLeft'
        ? [right]
        : before === 'GroupRight'
          ? [left]
          : before === 'Ignoring'
            ? []
            : [left, right];
  const found = sides.flatMap((side) =>
    side ? [{ metrics: metricsIn(side, reading.text), labels: labelsOf(side, reading) }] : [],
  );
  for (const label of node.getChildren('LabelName'))
    result.groupings.push({ label: named(label, reading.text), sides: found });
}

function metricsIn(node: SyntaxNode, text: string): string[] {
  const metrics = new Set<string>();
  node.cursor().iterate(({ name, node: each }) => {
    const metric = name === 'VectorSelector' ? each.getChild('Identifier') : null;
    if (metric) metrics.add(text.slice(metric.from, metric.to));
  });
  return [...metrics];
}

function quantile(node: SyntaxNode, reading: Reading, result: Expression): void {
  const name = node.getChild('FunctionIdentifier');
  if (!name || reading.text.slice(name.from, name.to) !== 'histogram_quantile') return;
  const vector = operandsOf(node)[1];
  const labels = vector ? labelsOf(vector, reading) : null;
  if (labels && !labels.has('le')) result.withoutBuckets.push({ from: name.from, to: name.to });
}
