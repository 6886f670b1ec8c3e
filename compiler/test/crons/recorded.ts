/**
 * `crons.txt`: what the real Airflow says of each expression. A digest covers the intervals of all runs over two years
 * in ten zones; `+` stands where only the verdict was asked for, `-` where Airflow refuses the expression.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cron, isRefused, readCron } from '../../resolve/cron/read.ts';
import { intervals } from '../../resolve/cron/timetable.ts';
import { changesOf } from '../../resolve/cron/zone.ts';
import { askPython } from '../python-batch.ts';

/** Whole hours, half and three quarter hours, both hemispheres, a change by half an hour, at midnight, and none. */
export const ZONES = [
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Africa/Cairo',
] as const;

const FILE = join(import.meta.dirname, 'crons.txt');
const DAY = 1440;
const FROM = Date.UTC(2026, 0, 1) / 60_000;
const UNTIL = Date.UTC(2028, 0, 1) / 60_000;
/** Runs in a day above which only the days around changes of the clocks are compared. */
const DENSE = 24;

type Windows = [from: number, until: number][];

const around = (at: number): [number, number] => [at - 2 * DAY, at + 2 * DAY];

export const windows: Record<'whole' | 'changes', Record<string, Windows>> = {
  whole: Object.fromEntries(ZONES.map((zone) => [zone, [[FROM, UNTIL]]])),
  changes: Object.fromEntries(
    ZONES.map((zone) => {
      const changes = changesOf(zone).filter(({ at }) => at >= FROM && at < UNTIL);
      return [zone, [around(FROM), ...changes.map(({ at }) => around(at))]];
    }),
  ),
};

export const windowsOf = (cron: Cron): 'whole' | 'changes' => (cron.times.length > DENSE ? 'changes' : 'whole');

/** Ours, to be held against Airflow's. */
export function digestOf(cron: Cron, zone: string): string {
  const hash = createHash('sha256');
  for (const [from, until] of windows[windowsOf(cron)][zone] ?? []) {
    let stops = true;
    for (const { start, end } of intervals(cron, zone, from)) {
      stops = start < until;
      if (!stops) break;
      hash.update(`${start} ${end}\n`);
    }
    if (stops) hash.update('stops\n');
  }
  return hash.digest('hex').slice(0, 8);
}

/** Airflow's digests by zone, or null where it refuses the expression. */
export function askAirflow(crons: readonly string[], zones: readonly string[] = ZONES): (string[] | null)[] {
  const kindOf = (text: string) => {
    const cron = readCron(text);
    return isRefused(cron) ? 'changes' : windowsOf(cron);
  };
  const asked = Object.fromEntries(
    Object.entries(windows).map(([name, byZone]) => [
      name,
      Object.fromEntries(zones.map((zone) => [zone, byZone[zone]])),
    ]),
  );
  const script = readFileSync(join(import.meta.dirname, 'airflow.py'), 'utf8');
  return askPython(script, { crons: crons.map((text) => [text, kindOf(text)]), windows: asked }) as (string[] | null)[];
}

export interface Recorded {
  text: string;
  isAccepted: boolean;
  /** Of all intervals in all zones; null where it was not asked for them. */
  digest: string | null;
}

export const together = (digests: readonly string[]): string =>
  createHash('sha256').update(digests.join(' ')).digest('hex').slice(0, 12);

export const readRecorded = (): Recorded[] =>
  readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [digest, text] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)];
      return {
        text: JSON.parse(text) as string,
        isAccepted: digest !== '-',
        digest: digest === '-' || digest === '+' ? null : digest,
      };
    });

export function writeRecorded(recorded: readonly Recorded[]): void {
  const head = "# What Airflow's CronDataIntervalTimetable says of each expression: see recorded.ts.\n";
  writeFileSync(
    FILE,
    head +
      recorded
        .map(({ text, isAccepted, digest }) => `${digest ?? (isAccepted ? '+' : '-')} ${JSON.stringify(text)}\n`)
        .join(''),
  );
}
