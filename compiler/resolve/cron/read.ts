/** Cron expressions, read as Airflow reads them (by croniter), or refused with the reason. */
import { daysOf } from './days.ts';
import { DAY, type Field, HOUR, MINUTE, MONTH, readField, Unreadable, type Values, WEEKDAY } from './fields.ts';

export interface Cron {
  /** Five fields, one space between them: what Airflow gets. */
  text: string;
  /** Minutes of the day at which it fires, ascending. */
  times: readonly number[];
  /** Airflow counts such schedules on in elapsed time, so that no change of the clocks moves them. */
  everyHour: boolean;
  /** Whether it fires on a day, counted from 1970-01-01. */
  firesOn(day: number): boolean;
}

export interface Refusal {
  problem: string;
  /** What to write instead, where that is known. */
  instead?: string;
}

export type Reading = Cron | Refusal;

export const isRefused = (reading: Reading): reading is Refusal => 'problem' in reading;

const FIELDS = [MINUTE, HOUR, DAY, MONTH, WEEKDAY];

const MACROS: Record<string, string> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};
/** Airflow's own, which croniter does not know: they are read in lower case only. */
const OF_AIRFLOW: Record<string, string> = { '@quarterly': '0 0 1 */3 *' };

/** Specs share their expressions; each is read once. */
const known = new Map<string, Reading>();

export function readCron(written: string): Reading {
  const found = known.get(written) ?? read(written);
  known.set(written, found);
  return found;
}

function read(written: string): Reading {
  const plain = OF_AIRFLOW[written.trim()] ?? MACROS[written.trim().toLowerCase()] ?? written;
  if (plain.trim().startsWith('@')) return { problem: noMacro(plain.trim()) };
  const fields = plain.split(/[ \t\n\r\f\v]+/).filter((field) => field !== '');
  if (fields.length !== FIELDS.length) return { problem: otherCount(fields.length) };
  try {
    return parsed(fields);
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.message, ...translated(fields, error.message) };
    throw error;
  }
}

function parsed(fields: readonly string[]): Reading {
  const random = fields.find((field) => /(^|,)[hr](\(|\/|,|$)/i.test(field));
  if (random !== undefined)
    return {
      problem: `'${random}' stands for a value chosen by chance, so that no two readings agree; write a number`,
    };
  const [minute, hour, day, month, weekday] = fields.map((text, index) =>
    readField(text.toLowerCase(), FIELDS[index] as Field),
  ) as [Values, Values, Values, Values, Values];
  const firesOn = daysOf({ day, month, weekday, texts: { day: fields[2] ?? '', weekday: fields[4] ?? '' } });
  if (typeof firesOn === 'string') return { problem: firesOn };
  const hours = all(hour, HOUR);
  const minutes = all(minute, MINUTE);
  return {
    text: fields.map((field) => (field === '?' ? '*' : field)).join(' '),
    times: hours.flatMap((each) => minutes.map((minuteOfHour) => each * 60 + minuteOfHour)),
    everyHour: hour.values.size + (hour.hasStar ? 1 : 0) === 24 || (hour.hasStar && hour.values.size === 0),
    firesOn,
  };
}

function all({ values, hasStar }: Values, { least, most }: Field): number[] {
  if (hasStar) return Array.from({ length: most - least + 1 }, (_, index) => least + index);
  return [...values].sort((a, b) => a - b);
}

function otherCount(count: number): string {
  const needed = 'it needs five fields: minute, hour, day of month, month and day of week';
  if (count !== 6 && count !== 7) return `${needed}; it has ${count}`;
  const more = count === 6 ? 'seconds' : 'seconds and years';
  return `${needed}; Airflow would read ${count} as ${more} at the end, and schedules here go by the minute`;
}

function noMacro(macro: string): string {
  if (/^@(once|continuous|reboot|every|asset)/i.test(macro))
    return `'${macro}' is no cron expression; without a schedule a pipeline runs only by hand`;
  return `there is no '${macro}'; there are ${[...Object.keys(MACROS), ...Object.keys(OF_AIRFLOW)].join(', ')}`;
}

/** `5L`, as Quartz writes it, is `L5` here. */
function translated(fields: readonly string[], problem: string): { instead?: string } {
  const meant = /'(L[0-7])'$/.exec(problem)?.[1];
  return meant === undefined ? {} : { instead: [...fields.slice(0, 4), meant].join(' ') };
}
