/** Wall clocks of time zones. Moments and local times are minutes from 1970-01-01; local ones as if they were UTC. */

export interface ClockChange {
  /** The moment. */
  at: number;
  /** Minutes ahead of UTC. */
  before: number;
  after: number;
}

interface Zone {
  /** Ahead of UTC before the first change. */
  initial: number;
  changes: readonly ClockChange[];
}

const MINUTE = 60_000;
const FROM = Date.UTC(2025, 0, 1) / MINUTE;
const UNTIL = Date.UTC(2037, 0, 1) / MINUTE;
/** No zone changes its clocks twice within this time. */
const STEP = 5 * 1440;

const zones = new Map<string, Zone>();

export function changesOf(name: string): readonly ClockChange[] {
  return zoneOf(name).changes;
}

export function toLocal(name: string, moment: number): number {
  const { initial, changes } = zoneOf(name);
  return moment + (changes.findLast(({ at }) => at <= moment)?.after ?? initial);
}

/**
 * As Airflow places a local time: of one that the clocks repeat, the second; one that they skip, as late as if they had
 * not been moved.
 */
export function toMoment(name: string, local: number): number {
  const { initial, changes } = zoneOf(name);
  let offset = initial;
  for (const { at, before, after } of changes) {
    if (at + Math.min(before, after) > local) break;
    offset = local < at + before || local >= at + after ? after : before;
  }
  return local - offset;
}

function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const found = observed(name);
  zones.set(name, found);
  return found;
}

function observed(name: string): Zone {
  const format = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset', hour: 'numeric' });
  const offsetAt = (moment: number): number => {
    const part = format.formatToParts(moment * MINUTE).find(({ type }) => type === 'timeZoneName');
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(part?.value ?? '') ?? [];
    return hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  };
  const changes: ClockChange[] = [];
  for (let start = FROM, before = offsetAt(FROM); start < UNTIL; start += STEP) {
    const after = offsetAt(start + STEP);
    if (after === before) continue;
    let [low, high] = [start, start + STEP];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    changes.push({ at: high, before, after });
    before = after;
  }
  return { initial: offsetAt(FROM), changes };
}
