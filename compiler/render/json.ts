import { escapeUnprintable, hex } from './unprintable.ts';
import { displayWidth, lineWidth } from './width.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * JSON for people to review: what fits stays in one line, the rest is split with two spaces. Keys keep
 * their order; unprintable characters are escaped.
 */
export function json(value: Json): string {
  return `${layOut(value, '', 0)}\n`;
}

/** A number that brings its own text, because JavaScript's would be another one. */
export const isNumeral = (value: unknown): boolean => value instanceof Number;

const isMap = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumeral(value);

/** JSON in one line. */
export function jsonInline(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(jsonInline).join(', ')}]`;
  if (isMap(value)) {
    const pairs = Object.entries(value).map(([key, inner]) => `${scalar(key)}: ${jsonInline(inner)}`);
    return `{${pairs.join(', ')}}`;
  }
  return scalar(value);
}

/** `taken` counts the columns of the key before the value and the comma after it. */
function layOut(value: Json, indent: string, taken: number): string {
  if (!Array.isArray(value) && !isMap(value)) return scalar(value);
  const whole = inlineWithin(value, lineWidth - indent.length - taken);
  if (whole !== null) return whole;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((element) => layOut(element, inner, 1))
    : Object.entries(value).map(([key, element]) => pair(key, element, inner));
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.map((line) => inner + line).join(',\n')}\n${indent}${close}`;
}

/** What `jsonInline` gives, or null as soon as it takes more columns: a long value is not written out at each level. */
function inlineWithin(value: Json, columns: number): string | null {
  if (!Array.isArray(value) && !isMap(value)) return displayWidth(scalar(value)) > columns ? null : scalar(value);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  let text = open as string;
  for (const [key, inner] of Object.entries(value)) {
    text += `${text === open ? '' : ', '}${Array.isArray(value) ? '' : `${scalar(key)}: `}`;
    const room = columns - displayWidth(text) - 1;
    const whole = room < 1 ? null : inlineWithin(inner, room);
    if (whole === null) return null;
    text += whole;
  }
  return displayWidth(text) + 1 > columns ? null : `${text}${close}`;
}

function pair(key: string, value: Json, indent: string): string {
  const label = `${scalar(key)}: `;
  return label + layOut(value, indent, displayWidth(label) + 1);
}

function scalar(value: string | number | boolean | null): string {
  if (isNumeral(value)) return String(value);
  return escapeUnprintable(JSON.stringify(value), escapeJson);
}

export function escapeJson(codePoint: number): string {
  return String.fromCodePoint(codePoint)
    .split('')
    .map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`)
    .join('');
}
