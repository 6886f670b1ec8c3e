/**
 * PromQL's spelling of what specs state. Metric and recording rule names are ours; label values, durations and
 * numbers come from specs and reach an expression only through here.
 */
import { escapeUnprintable, hex } from './unprintable.ts';

/** A string literal in double quotes: PromQL has Go's escapes. */
export function promqlString(text: string): string {
  const escaped = text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `"${escapeUnprintable(escaped, escapeGo)}"`;
}

/** What a label has to be, or must not be; or which pattern it has to match as a whole, or must not. */
export type Matchers = Record<string, string | Partial<Record<keyof typeof OPERATORS, string>>>;
const OPERATORS = { not: '!=', like: '=~', unlike: '!~' } as const;

/** `metric{label="value",…}`; a metric without labels stands alone. */
export function promqlSelector(metric: string, labels: Matchers = {}): string {
  const matchers = Object.entries(labels).flatMap(([label, value]) =>
    typeof value === 'string'
      ? [`${label}=${promqlString(value)}`]
      : Object.entries(value).map(
          ([how, text]) => `${label}${OPERATORS[how as keyof typeof OPERATORS]}${promqlString(text)}`,
        ),
  );
  return matchers.length === 0 ? metric : `${metric}{${matchers.join(',')}}`;
}

/** Whole seconds as Prometheus writes durations: `1d12h`. There is no duration of nothing. */
export function promqlDuration(seconds: number): string {
  if (!Number.isInteger(seconds) || seconds <= 0) throw new Error(`${seconds} seconds are no duration of PromQL`);
  let rest = seconds;
  let text = '';
  for (const [unit, size] of DURATION_UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text;
}

/** A number literal. JavaScript's shortest form is one of Go's too, but for the infinities. */
export function promqlNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

/** Weeks are left out: `7d` is what people write. */
const DURATION_UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** A lone half of a surrogate pair has no UTF-8: Go refuses its escape, so it becomes the replacement character. */
function escapeGo(codePoint: number): string {
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return '\\ufffd';
  return codePoint > 0xffff ? `\\U${hex(codePoint, 8)}` : `\\u${hex(codePoint, 4)}`;
}
