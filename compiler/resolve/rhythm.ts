/** How often tables are published, and how long after the beginning of a run. */
import type { Asset, Pipeline } from '../ir/types.ts';
import { inOrder } from './in-order.ts';
import type { ResolvedPipeline } from './resolve.ts';
import { assetsBefore } from './schedule.ts';

/** In seconds. */
export interface Rhythm {
  /** Longest time from one update to the next. */
  interval: number;
  /** Longest time from the tick that led to it, over all pipelines in between, to the update. */
  takes: number;
}

/** Longest times in seconds from the start of a pipeline to the end of each step, each step at its first attempt. */
export function endsOf({ steps }: Pipeline): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  for (const { name, needs, timeoutSeconds } of steps)
    ends.set(name, needs.reduce((latest, need) => Math.max(latest, ends.get(need) ?? 0), 0) + timeoutSeconds);
  return ends;
}

/**
 * By the name of the asset; none where no clock says it. Pipelines that follow others come after them, so each is
 * looked at once.
 */
export function rhythmsOf(resolved: Iterable<ResolvedPipeline>): ReadonlyMap<string, Rhythm> {
  const pipelines = [...resolved].map(({ pipeline }) => pipeline);
  const writers = new Map<string, string>();
  for (const { name, steps } of pipelines)
    for (const { outlets } of steps) for (const asset of outlets) writers.set(asset.name, name);
  const rhythms = new Map<string, Rhythm>();
  const waiting = pipelines.map((pipeline) => ({
    name: pipeline.name,
    needs: [...new Set(assetsBefore(pipeline).flatMap(({ name }) => writers.get(name) ?? []))],
    pipeline,
  }));
  for (const { pipeline } of inOrder(waiting)) {
    // What nobody writes is a finding of its own, and might have been the quickest to start it.
    const isWhole = assetsBefore(pipeline).every(({ name }) => writers.has(name));
    const start = isWhole ? startOf(pipeline, rhythms) : null;
    if (!start) continue;
    const ends = endsOf(pipeline);
    for (const { name, outlets } of pipeline.steps)
      for (const asset of outlets) rhythms.set(asset.name, { ...start, takes: start.takes + (ends.get(name) ?? 0) });
  }
  return rhythms;
}

/** How often a pipeline starts, and how long after the tick that led to it. */
function startOf({ schedule }: Pipeline, rhythms: ReadonlyMap<string, Rhythm>): Rhythm | null {
  if (schedule.kind === 'manual') return null;
  if (schedule.kind === 'cron')
    return schedule.longestSeconds === null ? null : { interval: schedule.longestSeconds, takes: 0 };
  // One that follows others is as slow as the slowest of them; of several groups the quickest starts it.
  const groups = schedule.anyOf.flatMap((assets) => slowest(assets, rhythms) ?? []);
  return groups.reduce<Rhythm | null>((best, each) => (best && best.interval <= each.interval ? best : each), null);
}

function slowest(assets: readonly Asset[], rhythms: ReadonlyMap<string, Rhythm>): Rhythm | null {
  const known = assets.flatMap(({ name }) => rhythms.get(name) ?? []);
  if (known.length === 0 || known.length < assets.length) return null;
  return known.reduce((slower, each) => ({
    interval: Math.max(slower.interval, each.interval),
    takes: Math.max(slower.takes, each.takes),
  }));
}
