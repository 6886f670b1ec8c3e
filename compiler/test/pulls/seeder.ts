/**
 * Seeded pull requests: what is edited, and what a reader of the specs would say of it. Imports nothing of the
 * compiler: what is expected must not come from what is tried.
 */
import { worldOf } from '../faults/making.ts';
import { type Files, randomNumbers } from '../faults/repository.ts';
import { entities, features, renamedViews, topics, views } from './features.ts';
import { models } from './models.ts';
import { nothing } from './nothing.ts';
import { connections, pipelines } from './pipelines.ts';
import type { Pull } from './pull.ts';
import { monitorings, platform } from './running.ts';

export type { Class, Expected, Pull } from './pull.ts';

/** Every pull request that the repository has room for. */
export function pullsOf(repository: Files): Pull[] {
  const world = worldOf(repository, 1);
  return [
    ...nothing(world),
    ...features(world),
    ...views(world),
    ...renamedViews(world),
    ...entities(world),
    ...topics(world),
    ...pipelines(world),
    ...connections(world),
    ...models(world),
    ...platform(world),
    ...monitorings(world),
  ];
}

/** So many of them, each kind in turn, drawn by a seed. */
export function drawn(pulls: readonly Pull[], count: number, seed: number): Pull[] {
  const random = randomNumbers(seed);
  const mixed = pulls.map((each) => ({ each, rank: random() })).sort((a, b) => a.rank - b.rank);
  const times = new Map<string, number>();
  return mixed
    .map(({ each }) => {
      const round = times.get(each.kind) ?? 0;
      times.set(each.kind, round + 1);
      return { each, round };
    })
    .sort((a, b) => a.round - b.round)
    .slice(0, count)
    .map(({ each }) => each);
}
