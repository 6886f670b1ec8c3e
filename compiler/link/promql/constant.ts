/** Whether an expression gives series at all times, so that an alert made of it would always fire. */
import type { SyntaxNode } from '@lezer/common';
import { operandsOf, operatorOf } from './syntax.ts';

const FILTERS = new Set(['Eql', 'Neq', 'Gtr', 'Lss', 'Gte', 'Lte', 'And', 'Unless']);

export function isConstant(node: SyntaxNode, text: string): boolean {
  const operands = operandsOf(node);
  if (node.name === 'FunctionCall') {
    const name = node.getChild('FunctionIdentifier');
    if (name && /^absent(_over_time)?$/.test(text.slice(name.from, name.to))) return false;
    return operands.every((each) => isConstant(each, text));
  }
  if (node.name === 'BinaryExpr') {
    const operator = operatorOf(node) ?? '';
    if (FILTERS.has(operator) && !node.getChild('BoolModifier')) return false;
    // What one side lacks the other may have.
    const sides = operands.map((each) => isConstant(each, text));
    return operator === 'Or' ? sides.some(Boolean) : sides.every(Boolean);
  }
  return operands.every((each) => isConstant(each, text));
}
