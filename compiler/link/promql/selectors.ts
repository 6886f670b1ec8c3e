/** What must hold of a selector: `metric{label="value"}`. */
import type { SyntaxNode } from '@lezer/common';
import { matchesEmpty, patternProblem, stringOf } from './literals.ts';
import type { Report } from './problem.ts';

export function checkSelector(node: SyntaxNode, text: string, report: Report): void {
  const name = node.getChild('Identifier');
  const matchers = node.getChild('LabelMatchers');
  let isEmpty = name === null;
  for (const matcher of matchers?.getChildren('UnquotedLabelMatcher') ?? []) {
    const label = matcher.getChild('LabelName');
    if (name && label && text.slice(label.from, label.to) === '__name__')
      report(matcher, `The metric's name is given twice: ${text.slice(name.from, name.to)} stands before the braces.`);
    if (!letsEmptyPass(matcher, text, report)) isEmpty = false;
  }
  for (const quoted of ['QuotedLabelName', 'QuotedLabelMatcher'])
    for (const each of matchers?.getChildren(quoted) ?? []) {
      reportQuotedName(each, report);
      isEmpty = false;
    }
  if (isEmpty) report(node, 'This would select every series.', 'name a metric, or a label that is not empty');
}

export const reportQuotedName = (node: SyntaxNode, report: Report): void =>
  report(node, 'Only Prometheus 3 supports names in quotes.', 'write the name without quotes');

/** The text of a literal; null where it cannot be read. */
export function checkString(node: SyntaxNode, text: string, report: Report): string | null {
  const value = stringOf(text.slice(node.from, node.to));
  if (value === null)
    report(node, 'This string has an escape that Prometheus does not support.', 'double the backslash: `\\\\`');
  return value;
}

function letsEmptyPass(node: SyntaxNode, text: string, report: Report): boolean {
  const literal = node.getChild('StringLiteral');
  const value = literal ? checkString(literal, text, report) : null;
  if (!literal || value === null) return false;
  const operator = node.getChild('MatchOp')?.firstChild?.name;
  if (operator === 'EqlSingle') return value === '';
  if (operator === 'Neq') return value !== '';
  const problem = patternProblem(value);
  if (problem !== null) {
    report(literal, `This is not a valid regular expression: ${problem}.`);
    return false;
  }
  return operator === 'EqlRegex' ? matchesEmpty(value) : !matchesEmpty(value);
}
