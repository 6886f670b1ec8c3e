import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { findCycles } from '../link/cycles.ts';
import { type Declared, keyAt, predictionsOf, referencesOf, tableOf, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { needsOf } from '../link/steps.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PIP003: {
    severity: 'error',
    title: 'Steps or pipelines wait for each other in a circle',
    why: 'None of them would ever start.',
    example: 'a needs b, b needs a',
    fix: 'Remove one of the dependencies.',
  },
});

/** No step waits for itself, and no pipeline starts itself, be it through others. */
export const cycles: Check = {
  codes,
  run: (graph) => [...[...graph.pipelines.values()].flatMap(withinPipeline), ...acrossPipelines(graph)],
};

function withinPipeline(pipeline: Declared<'Pipeline'>): Finding[] {
  const needs = needsOf(pipeline.value);
  return findCycles(needs).map((cycle) => {
    const [first] = cycle as [string];
    const stated = pipeline.value.steps[first]?.needs;
    const at = stated === undefined ? keyAt(pipeline, 'steps', first) : valueAt(pipeline, 'steps', first, 'needs');
    return finding('PIP003', at, `Steps wait for each other in a circle: ${[...cycle, first].join(' → ')}.`, {
      help: 'an arrow means "waits for"; remove one of them',
    });
  });
}

interface Trigger {
  /** Tables whose update starts the pipeline. */
  after: string[];
  writes: string[];
  at: Place;
}

function acrossPipelines(graph: Graph): Finding[] {
  const triggers = new Map<string, Trigger>();
  for (const pipeline of graph.pipelines.values()) {
    const writes = Object.values(pipeline.value.steps).flatMap((step) =>
      Array.isArray(step.writes) ? step.writes : Object.keys(step.writes ?? {}),
    );
    triggers.set(pipeline.name, {
      after: pipeline.value.schedule?.after ?? [],
      writes,
      at: valueAt(pipeline, 'schedule', 'after'),
    });
  }
  for (const model of graph.models.values()) addModel(model, graph, triggers);
  const writers = new Map<string, string[]>();
  for (const [name, { writes }] of triggers)
    for (const table of writes) writers.set(table, [...(writers.get(table) ?? []), name]);
  const waits = new Map(
    [...triggers].map(([name, { after }]) => [name, [...new Set(after.flatMap((table) => writers.get(table) ?? []))]]),
  );
  return findCycles(waits).map((cycle) =>
    finding(
      'PIP003',
      triggers.get(cycle[0] as string)?.at as Place,
      `Pipelines start each other in a circle: ${[...cycle, cycle[0]].join(' → ')}.`,
      { help: 'an arrow means "is started by"; remove one of them, or give one a cron schedule' },
    ),
  );
}

function addModel(model: Declared<'Model'>, graph: Graph, triggers: Map<string, Trigger>): void {
  const { train, serving, label } = model.value;
  const views = new Set(referencesOf(model).map(({ view }) => view));
  const tables = [...views].flatMap((name) => graph.views.get(name) ?? []).map(tableOf);
  const champion = `champion of ${model.name}`;
  const after = train.schedule ? (train.schedule.after ?? []) : [label.table, ...tables];
  triggers.set(`train_${model.name}`, { after, writes: [champion], at: valueAt(model, 'features') });
  if (!serving?.batch) return;
  const scoreAfter = serving.batch.schedule
    ? (serving.batch.schedule.after ?? [])
    : [serving.batch.entities, ...tables, champion];
  triggers.set(`score_${model.name}`, {
    after: scoreAfter,
    writes: [predictionsOf(model)],
    at: valueAt(model, 'serving', 'batch'),
  });
}
