import type { Asset, Pipeline } from './types.ts';

/** Each further group of assets that starts a pipeline, and the DAG of its own that waits for it. */
export function starterDags({ name, schedule }: Pipeline): { dag: string; assets: readonly Asset[] }[] {
  if (schedule.kind !== 'assets') return [];
  return schedule.anyOf.slice(1).map((assets) => ({
    // No pipeline has a hyphen in its name.
    dag: `${name}-after-${assets.map((asset) => asset.name.replaceAll('@', '-')).join('-')}`,
    assets,
  }));
}
