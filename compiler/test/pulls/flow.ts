/** Who holds, reads and serves what: read from the specs' texts, step by step, as a reader would follow it. */
import type { Spec, Value, World } from '../faults/making.ts';
import { keysOf } from '../faults/making.ts';

/** Names by kind, sorted. */
export interface Names {
  views: string[];
  models: string[];
  topics: string[];
  /** Models that answer online. */
  apis: string[];
}

export interface Start {
  /** `view.feature`. */
  features?: string[];
  views?: string[];
  tables?: string[];
  models?: string[];
  /** Whether the topics of views hold it, too. */
  inTopics?: boolean;
}

export const tableOf = (view: Spec): string => view.value['batch']?.table ?? view.name;
export const topicOf = (view: Spec): string | null =>
  view.value['stream'] ? (view.value['stream'].topic ?? view.name) : null;
const predictionsOf = (model: Spec): string | undefined => model.value['serving']?.batch?.output;

export const tablesOf = (writes: unknown): string[] =>
  Array.isArray(writes) ? writes : typeof writes === 'string' ? [writes] : keysOf(writes);

export const isOnline = (model: Spec): boolean => model.value['serving']?.online !== undefined;

/** `view.feature` of each feature that a model uses. */
export const usedBy = ({ views }: World, model: Spec): string[] =>
  (model.value['features'] as string[]).flatMap((text) => {
    const [view = '', feature = ''] = text.split('.');
    const all = keysOf(views.find(({ name }) => name === view)?.value['features']);
    return feature === '*' ? all.map((name) => `${view}.${name}`) : [text];
  });

/** All that is reached, what it starts from included. */
export function reach(world: World, { features = [], views = [], tables = [], models = [], inTopics }: Start): Names {
  const seen = { features: new Set(features), views: new Set(views), tables: new Set(tables), models: new Set(models) };
  for (let size = -1; size !== total(seen); ) {
    size = total(seen);
    for (const text of seen.features) seen.views.add(text.split('.')[0] ?? '');
    for (const pipeline of world.pipelines)
      for (const step of Object.values(pipeline.value['steps'] as Value))
        if ((step.reads ?? []).some((table: string) => seen.tables.has(table)))
          for (const table of tablesOf(step.writes)) seen.tables.add(table);
    for (const view of world.views) if (seen.tables.has(tableOf(view))) enter(view, seen);
    for (const name of views)
      enter(
        world.views.find((each) => each.name === name),
        seen,
      );
    for (const model of world.models)
      if (usedBy(world, model).some((text) => seen.features.has(text)) || seen.tables.has(model.value['label'].table))
        seen.models.add(model.name);
    for (const model of world.models) {
      const output = predictionsOf(model);
      if (seen.models.has(model.name) && output) seen.tables.add(output);
    }
  }
  return namesOf(world, seen, inTopics === true);
}

interface Seen {
  features: Set<string>;
  views: Set<string>;
  tables: Set<string>;
  models: Set<string>;
}

const total = (seen: Seen): number => Object.values(seen).reduce((sum, { size }) => sum + size, 0);

function enter(view: Spec | undefined, seen: Seen): void {
  if (!view) return;
  seen.views.add(view.name);
  for (const name of keysOf(view.value['features'])) seen.features.add(`${view.name}.${name}`);
}

function namesOf(world: World, seen: Seen, inTopics: boolean): Names {
  const topics = world.views.filter(({ name }) => seen.views.has(name)).map(topicOf);
  return {
    views: [...seen.views].sort(),
    models: [...seen.models].sort(),
    topics: inTopics ? topics.filter((each) => each !== null).sort() : [],
    apis: world.models
      .filter((model) => seen.models.has(model.name) && isOnline(model))
      .map(({ name }) => name)
      .sort(),
  };
}
