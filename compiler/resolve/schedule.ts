/** When pipelines run: stated schedules with what they leave open filled in. */
import { byText } from '../diagnostics/diagnostic.ts';
import type { Asset, Pipeline, Schedule } from '../ir/types.ts';
import { type Graph, timezoneOf } from '../link/graph.ts';
import type { PipelineSpec } from '../spec-schema/generated/types.ts';
import { tableAsset } from './assets.ts';
import { cronProblem, type Ticks, ticks } from './cron.ts';

type Stated = NonNullable<PipelineSpec['schedule']>;

export function scheduleOf(stated: Stated | undefined, graph: Graph): Schedule {
  if (stated?.cron !== undefined) {
    const cron = stated.cron.trim().replace(/ +/g, ' ');
    const { shortest, longest } = ticksOf(cron);
    return {
      kind: 'cron',
      cron,
      timezone: stated.timezone ?? timezoneOf(graph),
      intervalSeconds: shortest === longest ? shortest : null,
      longestSeconds: longest,
    };
  }
  return stated?.after === undefined
    ? { kind: 'manual' }
    : afterAny([stated.after.map((table) => tableAsset(graph, table))]);
}

/** Runs when all assets of any one group were updated. */
export const afterAny = (groups: readonly (readonly Asset[])[]): Schedule => ({
  kind: 'assets',
  anyOf: groups.map((assets) =>
    [...new Map(assets.map((asset) => [asset.name, asset])).values()].sort((a, b) => byText(a.name, b.name)),
  ),
});

/** The assets whose updates start a pipeline. */
export const assetsBefore = ({ schedule }: Pipeline): Asset[] =>
  schedule.kind === 'assets' ? schedule.anyOf.flat() : [];

/** Shortest distance of two runs in seconds, where a readable cron expression says it. */
export const shortestOf = (schedule: Schedule): number | null =>
  schedule.kind === 'cron' ? ticksOf(schedule.cron).shortest : null;

const ticksOf = (cron: string): Ticks =>
  (cronProblem(cron) === null && ticks(cron)) || { shortest: null, longest: null };
