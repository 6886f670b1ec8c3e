import type { Line } from './encoded.ts';
import type { Expression, Item } from './python-expression.ts';
import { pythonString, splitString } from './python-string.ts';
import { displayWidth, lineWidth } from './width.ts';

const step = 4;

/** The expression in one line. */
export function inline(expression: Expression): string {
  switch (expression.kind) {
    case 'atom':
      return expression.text;
    case 'string':
      return pythonString(expression.value);
    case 'collection':
      return expression.open + inlineItems(expression.items) + singleTupleComma(expression) + expression.close;
    case 'imports':
      return inlineItems(expression.items);
    case 'call':
      return `${expression.callee}(${inlineItems(expression.items)})`;
    case 'subscript':
      return `${expression.callee}[${inline(expression.index)}]`;
    case 'conjunction':
      return expression.operands.map(inline).join(' & ');
  }
}

function inlineItems(items: Item[]): string {
  return items.map(({ label, value }) => label + inline(value)).join(', ');
}

function singleTupleComma(expression: Expression & { kind: 'collection' }): string {
  return expression.open === '(' && expression.items.length === 1 ? ',' : '';
}

/**
 * The expression as `ruff format` lays it out: in one line where that fits, else split at its
 * outermost brackets, one element a line with a trailing comma.
 */
export function layOut(expression: Expression, line: Line): string {
  const whole = inline(expression);
  if (line.column + displayWidth(whole) + line.after <= lineWidth) return whole;
  switch (expression.kind) {
    case 'atom':
      return whole;
    case 'string':
      return layOutString(expression.value, line);
    case 'collection':
      if (expression.items.length === 0) return whole;
      return bracket(expression.open, lines(expression.items, line.indent), expression.close, line.indent);
    case 'imports':
      return bracket('(', lines(expression.items, line.indent), ')', line.indent);
    case 'call':
      return layOutCall(expression, line.indent);
    case 'subscript': {
      const index = layOut(expression.index, inner(line.indent, '', 0));
      return bracket(`${expression.callee}[`, [index], ']', line.indent);
    }
    case 'conjunction':
      return bracket('(', operandsOf(expression, line.indent), ')', line.indent);
  }
}

function inner(indent: number, label: string, after: number): Line {
  return { indent: indent + step, column: indent + step + displayWidth(label), after };
}

function lines(items: Item[], indent: number): string[] {
  return items.map(({ label, value }) => `${label}${layOut(value, inner(indent, label, 1))},`);
}

/** Arguments stay together on a line of their own where they fit; elements of a list never do. */
function layOutCall(call: Expression & { kind: 'call' }, indent: number): string {
  const together = inlineItems(call.items);
  if (call.items.length === 0) return `${call.callee}()`;
  const fits = indent + step + displayWidth(together) <= lineWidth;
  return bracket(`${call.callee}(`, fits ? [together] : lines(call.items, indent), ')', indent);
}

function operandsOf({ operands }: Expression & { kind: 'conjunction' }, indent: number): string[] {
  return operands.map((operand, index) => {
    const label = index === 0 ? '' : '& ';
    const whole = `${label}${inline(operand)}`;
    const fits = indent + step + displayWidth(whole) <= lineWidth;
    return fits ? whole : label + layOut(operand, inner(indent, label, 0));
  });
}

/** Pieces beside each other are one string to Python; the brackets hold them together. */
function layOutString(text: string, { indent }: Line): string {
  const pieces = splitString(text, lineWidth - indent - step).map(pythonString);
  return bracket('(', pieces, ')', indent);
}

function bracket(open: string, body: string[], close: string, indent: number): string {
  const margin = ' '.repeat(indent);
  return `${open}\n${body.map((line) => `${margin}${' '.repeat(step)}${line}\n`).join('')}${margin}${close}`;
}
