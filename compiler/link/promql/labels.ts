/** The labels of what an expression gives. */
import type { SyntaxNode } from '@lezer/common';
import { operandsOf, operatorOf } from './syntax.ts';

export type Labels = ReadonlySet<string> | null;

/** After Prometheus' rules: an aggregation keeps what it is told to, a match what it matches on. */
export function labelsOf(node: SyntaxNode, text: string): Labels {
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
  const set = operatorOf(node);
  if (set === 'Or') {
    const [one, other] = [labelsOf(left, text), labelsOf(right, text)];
    return one && other ? new Set([...one, ...other]) : null;
  }
  if (isNumber(right) || set === 'And' || set === 'Unless' || !matching || matching.getChild('GroupLeft'))
    return labelsOf(left, text);
  if (matching.getChild('GroupRight')) return labelsOf(right, text);
  return matching.getChild('On') ? namesIn(matching, text) : labelsOf(left, text);
}
