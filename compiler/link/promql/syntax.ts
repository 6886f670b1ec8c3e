/** Ways through the syntax tree of an expression. */
import type { SyntaxNode } from '@lezer/common';

const EXPRESSIONS = new Set(
  (
    'AggregateExpr BinaryExpr FunctionCall MatrixSelector NumberDurationLiteral OffsetExpr ParenExpr StringLiteral ' +
    'SubqueryExpr UnaryExpr VectorSelector StepInvariantExpr AnchoredExpr SmoothedExpr'
  ).split(' '),
);

/** The expressions directly inside, those between a function's parentheses included. */
export function operandsOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name === 'FunctionCallBody') found.push(...operandsOf(child));
    else if (EXPRESSIONS.has(child.name)) found.push(child);
  }
  return found;
}

const OPERATORS = /^(Add|Sub|Mul|Div|Mod|Pow|And|Or|Unless|Atan2|Gtr|Lss|Gte|Lte|Eql|Neq|EqlC|TrimUpper|TrimLower)$/;

/** Name of a binary expression's operator in the grammar, such as `Gtr`. */
export function operatorOf(node: SyntaxNode): string | null {
  for (let child = node.firstChild; child; child = child.nextSibling) if (OPERATORS.test(child.name)) return child.name;
  return null;
}
