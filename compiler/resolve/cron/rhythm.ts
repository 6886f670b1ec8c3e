/** How far apart the ticks of a cron expression lie in a time zone, and what changes of its clocks do to them. */
import { ANCHOR_DAY } from './days.ts';
import type { Cron } from './read.ts';
import { type Interval, intervals, last, next, nextLocal } from './timetable.ts';
import { type ClockChange, changesOf, toLocal } from './zone.ts';

const DAY = 1440;
const FIRST = ANCHOR_DAY * DAY;
/** Two years. */
const END = FIRST + 730 * DAY;
const FEWEST = 64;

export interface Spacing {
  /** Distance of neighbouring ticks in seconds; null where there are fewer than two. */
  shortest: number | null;
  longest: number | null;
}

const spacings = new Map<string, Spacing>();

/**
 * By the clock of its own zone, where every day has 24 hours: nobody promises less because of one night a year.
 * Over two years, or as many as a sparse expression needs.
 */
export function spacingOf(cron: Cron): Spacing {
  const found = spacings.get(cron.text) ?? spacing(cron);
  spacings.set(cron.text, found);
  return found;
}

function spacing(cron: Cron): Spacing {
  const { times } = cron;
  const distances = times.slice(1).map((time, index) => time - (times[index] as number));
  const [opening, closing] = [times[0] as number, times.at(-1) as number];
  let day = Math.floor(nextLocal(cron, FIRST - 1) / DAY);
  for (let count = 0; count < FEWEST || day * DAY < END; count += 1) {
    const following = Math.floor(nextLocal(cron, (day + 1) * DAY - 1) / DAY);
    if (!Number.isFinite(following)) break;
    distances.push((following - day) * DAY + opening - closing);
    day = following;
  }
  if (distances.length === 0) return { shortest: null, longest: null };
  return { shortest: 60 * Math.min(...distances), longest: 60 * Math.max(...distances) };
}

const changesWithin = (zone: string): ClockChange[] => changesOf(zone).filter(({ at }) => at >= FIRST && at < END);

/** The runs around a change of the clocks, from the last that it does not touch. */
function runsAround(cron: Cron, zone: string, { at }: ClockChange): Interval[] {
  const runs: Interval[] = [];
  for (const run of intervals(cron, zone, last(cron, zone, at - DAY), false)) {
    runs.push(run);
    if (run.start > at + DAY) break;
  }
  return runs;
}

export interface ChangeOfClocks {
  kind: 'gap' | 'overlap';
  /** Local time of the first tick that falls in it; that of the run it leads to; the day. */
  time: string;
  runs: string;
  day: string;
}

/** The first tick of two years that falls into a time which a zone's clocks leave out or repeat; null for none. */
export function changeOfClocks(cron: Cron, zone: string): ChangeOfClocks | null {
  // What runs in every hour also runs in the next one.
  if (new Set(cron.times.map((time) => Math.floor(time / 60))).size === 24) return null;
  for (const { at, before, after } of changesWithin(zone)) {
    const from = at + Math.min(before, after);
    const tick = nextLocal(cron, from - 1);
    if (tick >= at + Math.max(before, after)) continue;
    const run = toLocal(zone, next(cron, zone, at - 1 - Math.max(0, before - after)));
    return { kind: after > before ? 'gap' : 'overlap', time: clock(tick), runs: clock(run), day: dayOf(tick) };
  }
  return null;
}

export interface Break {
  day: string;
  /** Local times: where an interval ends, and where the next begins. */
  from: string;
  to: string;
  /** Airflow makes no further run. */
  stops: boolean;
}

/** Where Airflow's intervals do not join over a change of the clocks, in local time; null where they always do. */
export function breakOf(cron: Cron, zone: string): Break | null {
  for (const change of changesWithin(zone)) {
    const runs = runsAround(cron, zone, change);
    for (const [index, { start }] of runs.entries()) {
      const end = runs[index - 1]?.end ?? start;
      if (start !== end) return { ...between(zone, end, start), stops: false };
    }
    const { start, end } = runs.at(-1) as Interval;
    if (start <= change.at + DAY) return { ...between(zone, end, end), stops: true };
  }
  return null;
}

function between(zone: string, end: number, start: number): Omit<Break, 'stops'> {
  const [from, to] = [toLocal(zone, end), toLocal(zone, start)];
  return { day: dayOf(from), from: clock(from), to: clock(to) };
}

const iso = (local: number): string => new Date(local * 60_000).toISOString();
const clock = (local: number): string => iso(local).slice(11, 16);
const dayOf = (local: number): string => iso(local).slice(0, 10);
