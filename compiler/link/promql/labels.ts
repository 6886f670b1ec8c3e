/** The labels of what an expression gives. */
import type { SyntaxNode } from '@lezer/common';
import { stringOf } from './literals.ts';
import { operandsOf, operatorOf } from './syntax.ts';

/** Null where they are not known. */
export type Labels = ReadonlySet<string> | null;

/** Those of a metric; null of one that is not ours. */
export type LabelsOfMetric = (metric: string) => Labels;

export interface Reading {
  text: string;
  ofMetric: LabelsOfMetric;
}

/** After Prometheus' rules: an aggregation keeps what it is told to, a match what it matches on. */
export function labelsOf(node: SyntaxNode, reading: Reading): Labels {
  switch (node.name) {
    case 'AggregateExpr':
      return aggregated(node, reading);
    case 'FunctionCall':
      return called(node, reading);
    case 'BinaryExpr':
      return combined(node, reading);
    case 'VectorSelector': {
      const metric = node.getChild('Identifier');
      return metric ? reading.ofMetric(textOf(metric, reading)) : null;
    }
    case 'ParenExpr':
    case 'UnaryExpr':
    case 'MatrixSelector':
    case 'SubqueryExpr':
    case 'StepInvariantExpr':
    case 'OffsetExpr': {
      const inside = operandsOf(node)[0];
      return inside ? labelsOf(inside, reading) : null;
    }
    case 'NumberDurationLiteral':
    case 'StringLiteral':
      return new Set();
    default:
      return null;
  }
}

const textOf = ({ from, to }: SyntaxNode, { text }: Reading): string => text.slice(from, to);

const namesIn = (node: SyntaxNode | null, reading: Reading): string[] =>
  node?.getChildren('LabelName').map((each) => textOf(each, reading)) ?? [];

const both = (one: Labels, other: Iterable<string> | null): Labels =>
  one && other ? new Set([...one, ...other]) : null;

const without = (labels: Labels, dropped: readonly string[]): Labels =>
  labels && new Set([...labels].filter((label) => !dropped.includes(label)));

/** The text of a function's argument; null where it is none. */
function literalIn(node: SyntaxNode | undefined, reading: Reading): string | null {
  return node?.name === 'StringLiteral' ? stringOf(textOf(node, reading)) : null;
}

function aggregated(node: SyntaxNode, reading: Reading): Labels {
  const [operator] = textOf(node, reading).split(/\W/);
  const operands = operandsOf(node);
  const vector = operands.at(-1);
  const inside = vector ? labelsOf(vector, reading) : null;
  if (/^(topk|bottomk|limitk|limit_ratio)$/.test(operator ?? '')) return inside;
  const modifier = node.getChild('AggregateModifier');
  const names = namesIn(modifier?.getChild('GroupingLabels') ?? null, reading);
  const kept = modifier && !modifier.getChild('By') ? without(inside, [...names, '__name__']) : new Set(names);
  if (operator !== 'count_values') return kept;
  const counted = literalIn(operands[0], reading);
  return both(kept, counted === null ? null : [counted]);
}

function called(node: SyntaxNode, reading: Reading): Labels {
  const identifier = node.getChild('FunctionIdentifier');
  const name = identifier ? textOf(identifier, reading) : '';
  const operands = operandsOf(node);
  if (/^(time|vector|scalar|pi)$/.test(name)) return new Set();
  if (/^absent(_over_time)?$/.test(name)) return equalIn(operands[0], reading);
  const vector = operands.find(({ name: kind }) => kind !== 'NumberDurationLiteral' && kind !== 'StringLiteral');
  const labels = vector ? labelsOf(vector, reading) : new Set<string>();
  if (name === 'label_replace' || name === 'label_join') {
    const made = literalIn(operands[1], reading);
    return both(labels, made === null ? null : [made]);
  }
  if (name === 'info') return null;
  return name === 'histogram_quantile' ? without(labels, ['le']) : labels;
}

/** Of what is absent Prometheus knows what it was asked for, and nothing of an expression. */
function equalIn(node: SyntaxNode | undefined, reading: Reading): Labels {
  if (node?.name === 'ParenExpr') return equalIn(operandsOf(node)[0], reading);
  const selector = node?.name === 'MatrixSelector' ? operandsOf(node)[0] : node;
  if (selector?.name !== 'VectorSelector') return new Set();
  const matchers = selector.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  return new Set(
    matchers.flatMap((matcher) => {
      const label = matcher.getChild('LabelName');
      return label && matcher.getChild('MatchOp')?.firstChild?.name === 'EqlSingle' ? [textOf(label, reading)] : [];
    }),
  );
}

function combined(node: SyntaxNode, reading: Reading): Labels {
  const [left, right] = operandsOf(node);
  if (!left || !right) return null;
  const isNumber = (each: SyntaxNode): boolean =>
    each.name === 'NumberDurationLiteral' ||
    (each.name === 'FunctionCall' && /^(scalar|time|pi)\b/.test(textOf(each, reading)));
  if (isNumber(left)) return labelsOf(right, reading);
  const matching = node.getChild('MatchingModifierClause');
  const set = operatorOf(node);
  const one = labelsOf(left, reading);
  if (set === 'Or') return both(one, labelsOf(right, reading));
  if (isNumber(right) || set === 'And' || set === 'Unless' || !matching) return one;
  const [grouped] = [...matching.getChildren('GroupLeft'), ...matching.getChildren('GroupRight')];
  if (grouped) {
    const many = grouped.name === 'GroupLeft' ? one : labelsOf(right, reading);
    const added = grouped.nextSibling?.name === 'GroupingLabels' ? grouped.nextSibling : null;
    return both(many, namesIn(added, reading));
  }
  const names = namesIn(matching.getChild('GroupingLabels'), reading);
  return matching.getChild('On') ? new Set(names) : without(one, names);
}
