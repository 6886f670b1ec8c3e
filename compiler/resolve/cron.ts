/** Arithmetic of cron expressions and of clock changes. */
import { Cron } from 'croner';

const FIVE_FIELDS = /^[0-9A-Za-z*/,-]+( +[0-9A-Za-z*/,-]+){4}$/;
/** A fixed moment to count ticks from, so that the same expression always gives the same answer. */
const ANCHOR = new Date('2026-01-01T00:00:00Z');
const TICKS = 64;

export interface Ticks {
  /** Shortest interval between neighbouring ticks in seconds; null where there are fewer than two. */
  shortest: number | null;
  longest: number | null;
}

/** Why a time zone cannot be used, or null. */
export const timezoneProblem = remembered((timezone: string): string | null => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    // Abbreviations such as EST are accepted by some tools only.
    return timezone === 'UTC' || timezone.includes('/')
      ? null
      : `'${timezone}' is not an IANA time zone such as Europe/Berlin`;
  } catch {
    return `there is no time zone '${timezone}'`;
  }
});

export const cronProblem = remembered((cron: string): string | null => {
  if (!FIVE_FIELDS.test(cron.trim())) return 'it needs five fields: minute, hour, day of month, month and day of week';
  try {
    return ticks(cron) === null ? 'it never fires' : null;
  } catch (problem) {
    return (problem as Error).message.replace(/^CronPattern: /, '').replace(/\.$/, '');
  }
});

/**
 * Null where the expression never fires. Distances are those of its own time zone's clock, where every day has 24
 * hours.
 */
export function ticks(cron: string): Ticks | null {
  const known = counted.get(cron);
  if (known !== undefined) return known;
  const counting = count(cron);
  counted.set(cron, counting);
  return counting;
}

/** Ten thousand pipelines share a few dozen expressions. */
const counted = new Map<string, Ticks | null>();

function count(cron: string): Ticks | null {
  const runs = new Cron(cron.trim(), { utcOffset: 0, paused: true })
    .nextRuns(TICKS, ANCHOR)
    .map((date) => date.getTime() / 1000);
  if (runs.length === 0) return null;
  const distances = runs.slice(1).map((each, index) => each - (runs[index] as number));
  if (distances.length === 0) return { shortest: null, longest: null };
  return { shortest: Math.min(...distances), longest: Math.max(...distances) };
}

/**
 * Minutes since Sunday 00:00 at which an expression fires in the first week after the anchor, by its own zone's clock;
 * at most 10,080.
 */
export const minutesOfWeek = remembered((cron: string): number[] => {
  const end = new Date(ANCHOR.getTime() + WEEK * 60_000);
  const runs = new Cron(cron.trim(), { utcOffset: 0, paused: true });
  const minutes: number[] = [];
  for (let at = runs.nextRun(new Date(ANCHOR.getTime() - 1000)); at && at < end; at = runs.nextRun(at))
    minutes.push((at.getUTCDay() * 24 + at.getUTCHours()) * 60 + at.getUTCMinutes());
  return minutes;
});

const WEEK = 7 * 24 * 60;

/** For each minute of the week, how many have passed since an expression last fired; none where it does not fire. */
export const minutesSince = remembered((cron: string): number[] => {
  const fires = new Set(minutesOfWeek(cron));
  const since: number[] = [];
  if (fires.size === 0) return since;
  // The week before says how the week begins.
  for (let minute = -WEEK, passed = 0; minute < WEEK; minute += 1) {
    passed = fires.has((minute + WEEK) % WEEK) ? 0 : passed + 1;
    if (minute >= 0) since.push(passed);
  }
  return since;
});

export interface ChangeOfClocks {
  kind: 'gap' | 'overlap';
  /** Local time of a tick that falls in it, and the day. */
  time: string;
  day: string;
}

/**
 * Whether an expression fires in an hour that a zone's clocks leave out or repeat (in the two years after the anchor).
 */
export const changeOfClocks = remembered((cron: string, timezone: string): ChangeOfClocks | null => {
  // What runs in every hour also runs in the next one.
  const hours = new Set(minutesOfWeek(cron).map((minute) => Math.floor(minute / 60) % 24));
  if (hours.size === 0 || hours.size === 24) return null;
  const runs = new Cron(cron.trim(), { utcOffset: 0, paused: true });
  for (const { local, length } of changesOf(timezone)) {
    // Local times are counted as if they were UTC, as the ticks are.
    const from = length > 0 ? local : local + length;
    const tick = runs.nextRun(new Date(from - 1000));
    if (!tick || tick.getTime() >= from + Math.abs(length)) continue;
    const shown = tick.toISOString();
    return { kind: length > 0 ? 'gap' : 'overlap', time: shown.slice(11, 16), day: shown.slice(0, 10) };
  }
  return null;
});

interface Change {
  /** Local time at the change, by the clock before it, in milliseconds. */
  local: number;
  /** By how much the clock is moved, in milliseconds. */
  length: number;
}

const changes = new Map<string, Change[]>();

function changesOf(timezone: string): Change[] {
  const known = changes.get(timezone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset', hour: 'numeric' });
  const offsetAt = (moment: number): number => {
    const name = format.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
    return hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  };
  const HOUR = 3_600_000;
  const found: Change[] = [];
  for (let day = 0; day < 730; day += 1) {
    const start = ANCHOR.getTime() + day * 24 * HOUR;
    if (offsetAt(start) === offsetAt(start + 24 * HOUR)) continue;
    let [low, high] = [start, start + 24 * HOUR];
    while (high - low > 60_000) {
      const middle = Math.floor((low + high) / 120_000) * 60_000;
      if (offsetAt(middle) === offsetAt(start)) low = middle;
      else high = middle;
    }
    found.push({ local: high + offsetAt(start), length: offsetAt(high) - offsetAt(start) });
  }
  changes.set(timezone, found);
  return found;
}

/** Specs share their schedules; what follows from one is worked out once. */
function remembered<A extends string[], R>(work: (...args: A) => R): (...args: A) => R {
  const known = new Map<string, R>();
  return (...args) => {
    const key = JSON.stringify(args);
    if (!known.has(key)) known.set(key, work(...args));
    return known.get(key) as R;
  };
}
