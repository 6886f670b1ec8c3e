/**
 * Airflow's `CronDataIntervalTimetable`: when a cron expression fires in a time zone, and which interval each run has.
 * `test/conformance/timetable.test.ts` holds it against the real one. Moments are minutes from 1970-01-01 UTC.
 */
import type { Cron } from './read.ts';
import { toLocal, toMoment } from './zone.ts';

const DAY = 1440;
const HOPELESS = 50 * 366;

export interface Interval {
  start: number;
  end: number;
}

/** How many of the ascending times are less than the limit. */
function upTo(times: readonly number[], limit: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first tick after a local time. */
export function nextLocal({ times, firesOn }: Cron, local: number): number {
  const today = Math.floor(local / DAY);
  if (firesOn(today)) {
    const later = times[upTo(times, local - today * DAY + 1)];
    if (later !== undefined) return today * DAY + later;
  }
  for (let day = today + 1; day < today + HOPELESS; day += 1) if (firesOn(day)) return day * DAY + (times[0] as number);
  return Number.POSITIVE_INFINITY;
}

/** The last tick before a local time. */
export function lastLocal({ times, firesOn }: Cron, local: number): number {
  const today = Math.floor(local / DAY);
  if (firesOn(today)) {
    const earlier = times[upTo(times, local - today * DAY) - 1];
    if (earlier !== undefined) return today * DAY + earlier;
  }
  for (let day = today - 1; day > today - HOPELESS; day -= 1)
    if (firesOn(day)) return day * DAY + (times.at(-1) as number);
  return Number.NEGATIVE_INFINITY;
}

export function next(cron: Cron, zone: string, moment: number): number {
  const local = toLocal(zone, moment);
  const tick = nextLocal(cron, local);
  return cron.everyHour ? moment + (tick - local) : toMoment(zone, tick);
}

export function last(cron: Cron, zone: string, moment: number): number {
  const local = toLocal(zone, moment);
  const tick = lastLocal(cron, local);
  return cron.everyHour ? moment - (local - tick) : toMoment(zone, tick);
}

/** The first tick that is not before the moment. */
function aligned(cron: Cron, zone: string, moment: number): number {
  const first = next(cron, zone, moment);
  return last(cron, zone, first) === moment ? moment : first;
}

/**
 * The runs that Airflow makes from a moment on, one after the other, of a schedule that began then or, unless `isNew`,
 * long before. Where local times that clocks repeat or skip lead it back to a start that it has had, its scheduler
 * stops, and so does this; the beginning of a schedule is what it never goes back behind.
 */
export function* intervals(cron: Cron, zone: string, from: number, isNew = true): Generator<Interval> {
  let start = aligned(cron, zone, from);
  const earliest = isNew ? start : Number.NEGATIVE_INFINITY;
  for (;;) {
    const end = next(cron, zone, start);
    yield { start, end };
    const before = last(cron, zone, end);
    const realigned = Math.max(next(cron, zone, before) === end ? end : before, earliest);
    const following = realigned > start ? realigned : next(cron, zone, realigned);
    if (following <= start) return;
    start = following;
  }
}
