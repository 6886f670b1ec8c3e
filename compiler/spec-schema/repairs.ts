/** Values in another form than the schema's that can mean only one thing. */
import type { ErrorObject } from 'ajv';
import type { FindingDetails } from '../diagnostics/diagnostic.ts';

type Repair = FindingDetails['fix'];

const WORDS = new Map([
  ...['yes', 'on', 'true'].map((word) => [word, 'true'] as const),
  ...['no', 'off', 'false'].map((word) => [word, 'false'] as const),
]);

/** A number or truth value that was written as text: "3", yes. */
export function plainly(given: unknown, wanted: readonly string[]): Repair {
  if (typeof given !== 'string') return null;
  const isNumber = /^-?\d+$/.test(given) ? wanted.includes('integer') || wanted.includes('number') : false;
  const isDecimal = /^-?\d+\.\d+$/.test(given) && wanted.includes('number');
  const to = isNumber || isDecimal ? given : wanted.includes('boolean') ? WORDS.get(given.toLowerCase()) : undefined;
  return to === undefined ? null : { title: `write ${to}`, safe: true, edits: [{ from: null, to }] };
}

/** `7 days` and `50 ms` in the form of the language, where its pattern takes it. */
export function shortened({ data, schema }: ErrorObject): Repair {
  const [, count, unit] =
    /^(\d+)\s*(ms|millis(?:econds?)?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|hrs?|d|days?|w|weeks?)$/.exec(
      String(data),
    ) ?? [];
  if (count === undefined || unit === undefined) return null;
  const to = `${count}${/^mi?l?l?i?s/.test(unit) && unit !== 'mins' ? 'ms' : unit.charAt(0)}`;
  return new RegExp(schema as string, 'u').test(to)
    ? { title: `write '${to}'`, safe: true, edits: [{ from: String(data), to }] }
    : null;
}
