import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { findCycles } from '../link/cycles.ts';
import { type Declared, keyAt, valueAt } from '../link/declared.ts';
import { type Service, servicesOf } from '../link/services.ts';
import { type ResolvedGraph, type ResolvedPipeline, stepsOf } from '../resolve/resolve.ts';
import { assetsBefore } from '../resolve/schedule.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PIP003: {
    severity: 'error',
    title: 'Steps, pipelines or services that wait for each other in a cycle',
    why: 'None of them would ever start.',
    example: 'a needs b, b needs a',
    fix: 'Remove one of the dependencies.',
  },
});

/** No step or service waits for itself, and no pipeline starts itself, directly or through others. */
export const cycles: Check = {
  codes,
  run: (graph) => [
    ...[...graph.pipelines.values()].flatMap((each) => withinPipeline(each, graph)),
    ...acrossPipelines(graph),
    ...acrossServices(graph),
  ],
};

function withinPipeline(pipeline: Declared<'Pipeline'>, graph: ResolvedGraph): Finding[] {
  const needs = new Map([...stepsOf(graph, pipeline)].map(([name, step]) => [name, step.needs]));
  return findCycles(needs).map((cycle) => {
    const [first] = cycle as [string];
    const stated = pipeline.value.steps[first]?.needs;
    const at = stated === undefined ? keyAt(pipeline, 'steps', first) : valueAt(pipeline, 'steps', first, 'needs');
    return finding('PIP003', at, `Steps wait for each other in a cycle: ${[...cycle, first].join(' → ')}.`, {
      help: 'an arrow means "waits for"; remove one of them',
    });
  });
}

function acrossPipelines({ resolved, tables }: ResolvedGraph): Finding[] {
  const writers = new Map<string, Set<string>>();
  for (const { pipeline } of resolved.values())
    for (const { outlets } of pipeline.steps)
      for (const asset of outlets) {
        // A second writer is a finding of its own.
        if ((tables.get(asset.name)?.writes.length ?? 0) > 1) continue;
        const known = writers.get(asset.name) ?? new Set();
        writers.set(asset.name, known.add(pipeline.name));
      }
  const waits = new Map(
    [...resolved].map(([name, { pipeline }]) => [
      name,
      [...new Set(assetsBefore(pipeline).flatMap((asset) => [...(writers.get(asset.name) ?? [])]))],
    ]),
  );
  return findCycles(waits).map((cycle) =>
    finding(
      'PIP003',
      startedAt(resolved.get(cycle[0] as string) as ResolvedPipeline),
      `Pipelines start each other in a cycle: ${[...cycle, cycle[0]].join(' → ')}.`,
      { help: 'an arrow means "is started by"; remove one of them, or give one a cron schedule' },
    ),
  );
}

/** A service that needs itself is an unknown name: it can only need others. */
function acrossServices(graph: ResolvedGraph): Finding[] {
  const all = servicesOf(graph);
  return [...new Set(all.map(({ siblings }) => siblings))].flatMap((siblings) => {
    const needs = [...siblings].map(([name, { stated }]) => [
      name,
      Object.keys(stated.needs ?? {}).filter((needed) => needed !== name),
    ]);
    return findCycles(new Map(needs as [string, string[]][])).map((cycle) => {
      const [first, second = ''] = cycle as [string, string];
      const at = (siblings.get(first) as Service).keyAt('needs', second);
      return finding('PIP003', at, `Services wait for each other in a cycle: ${[...cycle, first].join(' → ')}.`, {
        help: 'an arrow means "waits for"; remove one of them',
      });
    });
  });
}

/** What starts a pipeline: its schedule, or what a model trains on and scores. */
function startedAt({ pipeline, declared, path }: ResolvedPipeline): Place {
  if (pipeline.derivedFrom?.purpose === 'train') return valueAt(declared, 'features');
  return pipeline.derivedFrom ? valueAt(declared, ...path) : valueAt(declared, 'schedule', 'after');
}
