/** When pipelines run: stated schedules with what they leave open filled in. */
import { byText } from '../diagnostics/diagnostic.ts';
import type { Asset, Pipeline, Schedule } from '../ir/types.ts';
import { type Graph, timezoneOf } from '../link/graph.ts';
import type { PipelineSpec } from '../spec-schema/generated/types.ts';
import { tableAsset } from './assets.ts';
import { isRefused, readCron } from './cron/read.ts';
import { type Spacing, spacingOf } from './cron/rhythm.ts';

type Stated = NonNullable<PipelineSpec['schedule']>;

export function scheduleOf(stated: Stated | undefined, graph: Graph): Schedule {
  if (stated?.cron !== undefined) {
    const reading = readCron(stated.cron);
    const cron = isRefused(reading) ? stated.cron : reading.text;
    return {
      kind: 'cron',
      cron,
      timezone: stated.timezone ?? timezoneOf(graph),
      longestSeconds: spacing(cron).longest,
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
  schedule.kind === 'cron' ? spacing(schedule.cron).shortest : null;

/** Checks report what cannot be read. */
function spacing(cron: string): Spacing {
  const reading = readCron(cron);
  return isRefused(reading) ? { shortest: null, longest: null } : spacingOf(reading);
}
