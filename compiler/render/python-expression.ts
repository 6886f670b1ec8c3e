import { isNumeral, type Json } from './json.ts';
import { pythonString } from './python-string.ts';

/** A Python expression that can be laid out; built by the functions below, never from raw text. */
export type Expression =
  | { kind: 'atom'; text: string }
  | { kind: 'string'; value: string }
  | { kind: 'collection'; open: '[' | '{' | '('; close: ']' | '}' | ')'; items: Item[] }
  | { kind: 'imports'; items: Item[] }
  | { kind: 'call'; callee: string; items: Item[] }
  | { kind: 'subscript'; callee: string; index: Expression }
  | { kind: 'conjunction'; operands: Expression[] };

/** An element, with the key or keyword before it: `"a": `, `name=` or nothing. */
export interface Item {
  label: string;
  value: Expression;
}

const expressions = new WeakSet<object>();

function expression<E extends Expression>(value: E): E {
  expressions.add(value);
  return value;
}

/** True for what the functions here have built: data that merely looks alike is a literal. */
export function isExpression(value: unknown): value is Expression {
  return typeof value === 'object' && value !== null && expressions.has(value);
}

const element = (value: Expression): Item => ({ label: '', value });

export function name(text: string): Expression {
  return expression({ kind: 'atom', text: dotted(text) });
}

export function list(items: Expression[]): Expression {
  return expression({ kind: 'collection', open: '[', close: ']', items: items.map(element) });
}

export function dict(entries: [string, Expression][]): Expression {
  const items = entries.map(([key, value]) => ({ label: `${pythonString(key)}: `, value }));
  return expression({ kind: 'collection', open: '{', close: '}', items });
}

/** What follows `import`, sorted as isort has it: constants first, digits by their number. */
export function imports(names: string[]): Expression {
  const isConstant = (text: string): number => (/^[A-Z][A-Z0-9_]+$/.test(text) ? 0 : 1);
  const sorted = [...new Set(names)].sort((a, b) => isConstant(a) - isConstant(b) || naturalOrder(a, b));
  return expression({ kind: 'imports', items: sorted.map((text) => element(name(text))) });
}

/** The order of import lines and names: `a2` before `a10`, whatever the locale. */
export function naturalOrder(left: string, right: string): number {
  const [a, b] = [left, right].map((text) => text.replace(/\d+/g, (digits) => digits.padStart(16, '0')));
  return (a as string) < (b as string) ? -1 : 1;
}

/** `callee(positional, …, keyword=value, …)` */
export function call(callee: string, keywords: Record<string, Expression>, positional: Expression[] = []): Expression {
  const named = Object.entries(keywords).map(([key, value]) => ({ label: `${identifier(key)}=`, value }));
  return expression({ kind: 'call', callee: dotted(callee), items: [...positional.map(element), ...named] });
}

/** `callee[index]` */
export function subscript(callee: string, index: Expression): Expression {
  return expression({ kind: 'subscript', callee: dotted(callee), index });
}

/** `a & b & c`; a single operand stands alone. */
export function conjunction(operands: Expression[]): Expression {
  const [first, second] = operands;
  if (first && !second) return first;
  return expression({ kind: 'conjunction', operands });
}

/** A JSON value as a Python literal. */
export function literal(value: Json): Expression {
  if (typeof value === 'string') return expression({ kind: 'string', value });
  if (isNumeral(value)) return expression({ kind: 'atom', text: String(value) });
  if (Array.isArray(value)) return list(value.map(literal));
  if (typeof value === 'object' && value !== null) {
    return dict(Object.entries(value).map(([key, inner]) => [key, literal(inner)]));
  }
  return expression({ kind: 'atom', text: atom(value) });
}

function atom(value: number | boolean | null): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (!Number.isFinite(value)) throw new Error(`${value} has no Python literal`);
  if (Object.is(value, -0)) return '-0.0';
  return String(value).replace('e+', 'e');
}

const keywords = new Set(
  `False None True and as assert async await break class continue def del elif else except finally
   for from global if import in is lambda nonlocal not or pass raise return try while with yield`.split(/\s+/),
);

/** `text` if Python takes it for a name; a bug of ours otherwise. */
export function identifier(text: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(text) || keywords.has(text)) {
    throw new Error(`${JSON.stringify(text)} is no Python identifier`);
  }
  return text;
}

const dotted = (text: string): string => text.split('.').map(identifier).join('.');

/** A Python identifier for any text that is not among `taken`, which it joins. */
export function identifierFor(text: string, taken: Set<string>): string {
  let candidate = text.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=[0-9]|$)/, '_');
  while (keywords.has(candidate) || taken.has(candidate)) candidate += '_';
  taken.add(candidate);
  return candidate;
}
