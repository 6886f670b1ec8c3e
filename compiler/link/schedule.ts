import { Cron } from 'croner';

const FIVE_FIELDS = /^[0-9A-Za-z*/,-]+( +[0-9A-Za-z*/,-]+){4}$/;
/** A fixed moment to count ticks from, so that the same expression always gives the same answer. */
const ANCHOR = new Date('2026-01-01T00:00:00Z');
const TICKS = 64;

export interface Ticks {
  /** Shortest distance of two neighbouring ticks in seconds; null where there are fewer than two. */
  shortest: number | null;
  longest: number | null;
}

/** Why a time zone is not known here, or null. */
export function timezoneProblem(timezone: string): string | null {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    // Abbreviations such as EST are accepted by some tools only.
    return timezone === 'UTC' || timezone.includes('/') ? null : `'${timezone}' is not an IANA time zone such as Europe/Berlin`;
  } catch {
    return `there is no time zone '${timezone}'`;
  }
}

export function cronProblem(cron: string): string | null {
  if (!FIVE_FIELDS.test(cron.trim())) return 'it needs five fields: minute, hour, day of month, month, day of week';
  try {
    return ticks(cron) === null ? 'it never fires' : null;
  } catch (problem) {
    return (problem as Error).message.replace(/^CronPattern: /, '').replace(/\.$/, '');
  }
}

/** Null where the expression never fires. Distances are those of its own time zone's clock, where every day has 24 hours. */
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
  const runs = new Cron(cron.trim(), { utcOffset: 0, paused: true }).nextRuns(TICKS, ANCHOR).map((date) => date.getTime() / 1000);
  if (runs.length === 0) return null;
  const distances = runs.slice(1).map((each, index) => each - (runs[index] as number));
  if (distances.length === 0) return { shortest: null, longest: null };
  return { shortest: Math.min(...distances), longest: Math.max(...distances) };
}
