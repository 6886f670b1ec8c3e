/** What stands in a literal of PromQL: strings with Go's escapes, durations, regular expressions of RE2. */
import { RE2JS } from 're2js';

/** The text of a string literal, or null where Go would not read it. */
export function stringOf(literal: string): string | null {
  const quote = literal[0] ?? '';
  const inside = literal.slice(1, -1);
  if (literal.length < 2 || literal.at(-1) !== quote) return null;
  if (quote === '`') return inside;
  if (inside.includes('\n')) return null;
  let text = '';
  for (let at = 0; at < inside.length; ) {
    if (inside[at] !== '\\') {
      text += inside[at];
      at += 1;
      continue;
    }
    const found = ESCAPE.exec(inside.slice(at));
    const character = found ? characterOf(found, quote) : null;
    if (!found || character === null) return null;
    text += character;
    at += found[0].length;
  }
  return text;
}

const ESCAPE = /^\\(?:([abfnrtv\\'"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/;
const SHORT: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

function characterOf([, short, hex, octal, low, high]: RegExpExecArray, quote: string): string | null {
  // Go knows \' only between single quotes, and \" only between double ones.
  if (short === "'" || short === '"') return short === quote ? short : null;
  if (short !== undefined) return SHORT[short] ?? null;
  const code = octal !== undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex ?? low ?? high ?? '', 16);
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  if (code > 0x10ffff || isSurrogate || (octal !== undefined && code > 255)) return null;
  return String.fromCodePoint(code);
}

const UNITS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };
/** Each unit at most once, the larger before the smaller. */
const DURATION = /^(?=.)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m(?!s))?(?:\d+s)?(?:\d+ms)?$/;
/** Prometheus counts in nanoseconds of 64 bits. */
const LONGEST_SECONDS = 9_223_372_036;

/** Seconds, or why it is none, for the end of a sentence. */
export function durationOf(text: string): number | string {
  if (/^\d+(\.\d+)?$/.test(text)) return 'it needs a unit, as in 5m';
  if (!DURATION.test(text)) return 'write it as in 1h30m: whole numbers, larger units first, each at most once';
  const seconds = [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0),
    0,
  );
  if (seconds === 0) return 'it must be longer than zero';
  return seconds > LONGEST_SECONDS ? 'it is longer than 292 years' : seconds;
}

/** Why RE2 does not take a pattern, for the end of a sentence; null where it does. */
export function patternProblem(pattern: string): string | null {
  try {
    RE2JS.compile(pattern);
    return null;
  } catch (problem) {
    return (problem as Error).message.replace(/^error parsing regexp: /, '');
  }
}

/** Whether a text matches the whole of a pattern; null for a pattern that RE2 does not take. */
export function fullMatch(pattern: string): ((text: string) => boolean) | null {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matches(text);
  } catch {
    return null;
  }
}

/** Whether an anchored pattern matches the empty text, as Prometheus anchors matchers. */
export const matchesEmpty = (pattern: string): boolean => RE2JS.compile(`^(?:${pattern})$`).matcher('').find();
