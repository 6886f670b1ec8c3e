/** How a value of a spec would be written, if what it compiles to were another. */
import type { Plain } from '../diff/state.ts';
import { duration, seconds } from '../spec-schema/units.ts';

type Spelt = string | number | boolean;

/**
 * Each way to read `written` as what became `from`, written for `to`: as it is, as a duration or as a share. Of two
 * texts that differ in one word, that word counts as well.
 */
export function respellings(written: unknown, from: Plain, to: Plain): Spelt[] {
  const found = [...pairs(from, to)].flatMap(([before, after]) => [
    ...asIs(written, before, after),
    ...asDuration(written, before, after),
    ...asShare(written, before, after),
  ]);
  return [...new Set(found)];
}

const isSpelt = (value: Plain): value is Spelt => ['string', 'number', 'boolean'].includes(typeof value);

function* pairs(from: Plain, to: Plain): Generator<[Spelt, Spelt]> {
  if (!isSpelt(from) || !isSpelt(to)) return;
  yield [from, to];
  if (typeof from !== 'string' || typeof to !== 'string') return;
  const [before, after] = [words(from), words(to)];
  const differing = before.flatMap((word, at) => (word === after[at] ? [] : [at]));
  const [at, ...others] = differing;
  if (at === undefined || others.length > 0 || before.length !== after.length || before.length === 1) return;
  yield [before[at] ?? '', after[at] ?? ''];
}

/** Numbers with their units stand alone. */
const words = (text: string): string[] => text.split(/(\d+(?:\.\d+)?(?:e[+-]?\d+)?[a-z]{0,2}\b)/i);

function asIs(written: unknown, from: Spelt, to: Spelt): Spelt[] {
  if (written === from) return [to];
  if (typeof written === 'number' && isNumber(from) && isNumber(to) && written === Number(from)) return [Number(to)];
  if (typeof written === 'boolean' && String(written) === from && (to === 'true' || to === 'false'))
    return [to === 'true'];
  return [];
}

const isNumber = (value: Spelt): boolean =>
  value !== '' && typeof value !== 'boolean' && Number.isFinite(Number(value));

const DURATION = /^\d+[smhdw]$/;

/** In seconds as tools tell them: with a unit, as a number of seconds, or of milliseconds. */
function asDuration(written: unknown, from: Spelt, to: Spelt): Spelt[] {
  if (typeof written !== 'string' || !DURATION.test(written)) return [];
  const readings = [inUnits, (value: Spelt) => (isNumber(value) ? Number(value) : null), milliseconds];
  return readings.flatMap((read) => {
    const [before, after] = [read(from), read(to)];
    if (before !== seconds(written) || after === null || !Number.isInteger(after) || after <= 0) return [];
    return [inUnitOf(written, after)];
  });
}

function inUnitOf(written: string, count: number): string {
  const unit = seconds(`1${written.slice(-1)}`);
  return count % unit === 0 ? `${count / unit}${written.slice(-1)}` : duration(count);
}

const inUnits = (value: Spelt): number | null =>
  typeof value === 'string' && DURATION.test(value) ? seconds(value) : null;
const milliseconds = (value: Spelt): number | null => (isNumber(value) ? Number(value) / 1000 : null);

function asShare(written: unknown, from: Spelt, to: Spelt): Spelt[] {
  if (typeof written !== 'string' || !/^\d+(\.\d+)?%$/.test(written) || !isNumber(from) || !isNumber(to)) return [];
  const share = Number((Number(written.slice(0, -1)) / 100).toPrecision(12));
  return share === Number(from) ? [`${Number((Number(to) * 100).toPrecision(12))}%`] : [];
}
