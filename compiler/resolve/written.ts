/** Pipelines that a team wrote, as they will run. */
import { byText } from '../diagnostics/diagnostic.ts';
import { address } from '../ir/address.ts';
import type { Asset, Pipeline, PlatformStep, Step } from '../ir/types.ts';
import { type Declared, isOnline, predictionsOf, resolveRun, tableOf } from '../link/declared.ts';
import { materializeStep } from '../link/derived-names.ts';
import { type Graph, lockOf, ownerOf } from '../link/graph.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import { championAsset, tableAsset } from './assets.ts';
import { attemptsOf } from './attempts.ts';
import type { ByHand } from './by-hand.ts';
import { checksOf } from './data-checks.ts';
import { readTables } from './derived.ts';
import { inOrder } from './in-order.ts';
import { originOf } from './origins.ts';
import { platformStep, startOf } from './platform-steps.ts';
import { scheduleOf, shortestOf } from './schedule.ts';
import { parametersOf } from './sorted.ts';
import { needsOf, type StepSpec, writesOf } from './steps.ts';

export function writtenPipeline(pipeline: Declared<'Pipeline'>, graph: Graph, byHand: ByHand): Pipeline {
  const { catchup, tags, start, description } = pipeline.value;
  const schedule = scheduleOf(pipeline.value.schedule, graph);
  const interval = shortestOf(schedule);
  const needs = needsOf(pipeline.value);
  const written = Object.entries(pipeline.value.steps).map(([name, step]) =>
    writtenStep(
      pipeline,
      name,
      step,
      [...new Set([...(needs.get(name) ?? []), ...checksBefore(pipeline, name, step, needs, graph)])],
      interval,
      graph,
    ),
  );
  return {
    address: address.pipeline(pipeline.name),
    name: pipeline.name,
    description: description ?? '',
    owner: ownerOf(pipeline, graph),
    tags: [...new Set(tags ?? [])].sort(byText),
    origin: originOf(pipeline),
    derivedFrom: null,
    schedule,
    start: start ?? startOf(graph),
    catchup: catchup ?? defaults.Pipeline.catchup,
    steps: inOrder([...written, ...materialization(pipeline, written, graph, byHand)]),
  };
}

function writtenStep(
  pipeline: Declared<'Pipeline'>,
  name: string,
  step: StepSpec,
  needs: readonly string[],
  interval: number | null,
  graph: Graph,
): Step {
  const call = callOf(pipeline, name, step, graph);
  const writes = call.kind === 'function' ? writesOf(step).sort(byText) : writesOfPlatformStep(call, graph);
  const isGate = call.kind === 'platform' && call.uses === 'gate';
  return {
    address: address.step(pipeline.name, name),
    name,
    description: step.description ?? '',
    origin: originOf(pipeline, 'steps', name),
    run: call,
    needs: [...needs].sort(byText),
    // The function gets frames by name, so order carries no meaning.
    reads: call.kind === 'function' ? [...(step.reads ?? [])].sort(byText) : readsOfPlatformStep(call, graph),
    writes,
    mode: step.mode ?? defaults.Pipeline.steps.mode,
    partition: step.partition ?? null,
    outlets: outletsOf(call, writes, graph),
    connections: [...(step.connections ?? [])].sort(byText),
    ...attemptsOf(graph, isGate ? { retries: 0, ...step } : step, interval),
  };
}

/** What a written `materialize` waits for besides: the steps that check its views' tables. */
function checksBefore(
  { value }: Declared<'Pipeline'>,
  name: string,
  step: StepSpec,
  needs: ReadonlyMap<string, readonly string[]>,
  graph: Graph,
): string[] {
  const views = (step.views ?? []).flatMap((view) => graph.views.get(view) ?? []);
  return checksOf(views.map(tableOf), name, value, needs);
}

function callOf(pipeline: Declared<'Pipeline'>, name: string, step: StepSpec, graph: Graph): Step['run'] {
  if (step.run !== undefined) {
    return {
      kind: 'function',
      ...resolveRun(pipeline.spec, step.run),
      with: parametersOf(pipeline, 'steps', name, 'with'),
      lock: lockOf(pipeline.spec.folder, graph),
    };
  }
  if (step.uses === 'materialize' || step.uses === undefined)
    return { kind: 'platform', uses: 'materialize', with: { views: [...(step.views ?? [])].sort(byText) } };
  return { kind: 'platform', uses: step.uses, with: { model: step.model ?? '' } };
}

/** What the same step of a derived pipeline reads: the specs of the model and the views say it. */
function readsOfPlatformStep(call: PlatformStep, graph: Graph): string[] {
  if (call.uses === 'materialize')
    return [...new Set(call.with.views.flatMap((view) => graph.views.get(view) ?? []).map(tableOf))].sort(byText);
  const model = graph.models.get(call.with.model);
  const batch = model?.value.serving?.batch;
  if (model && call.uses === 'pull_features') return readTables(model.value.label.table, model, graph);
  return model && batch && call.uses === 'score' ? readTables(batch.entities, model, graph) : [];
}

function writesOfPlatformStep(call: PlatformStep, graph: Graph): string[] {
  if (call.uses !== 'score') return [];
  const model = graph.models.get(call.with.model);
  return model?.value.serving?.batch ? [predictionsOf(model)] : [];
}

function outletsOf(call: Step['run'], writes: readonly string[], graph: Graph): Asset[] {
  const champion = call.kind === 'platform' && call.uses === 'register' ? [championAsset(graph, call.with.model)] : [];
  return [...writes.map((table) => tableAsset(graph, table)), ...champion];
}

/** What a pipeline writes for a view is brought online by the same pipeline, unless a written step does it. */
function materialization(pipeline: Declared<'Pipeline'>, steps: readonly Step[], graph: Graph, byHand: ByHand): Step[] {
  const writer = new Map(steps.flatMap((step) => step.writes.map((table) => [table, step.name] as const)));
  const views = [...writer.keys()]
    .flatMap((table) => byHand.viewsOfTable.get(table) ?? [])
    .filter((view) => isOnline(view) && !byHand.materialized.has(view.name));
  if (views.length === 0) return [];
  const reads = [...new Set(views.map(tableOf))].sort(byText);
  const run: PlatformStep = {
    kind: 'platform',
    uses: 'materialize',
    with: { views: views.map(({ name }) => name).sort(byText) },
  };
  const name = materializeStep(new Set(steps.map(({ name }) => name)));
  const checks = checksOf(reads, name, pipeline.value, needsOf(pipeline.value));
  return [
    {
      ...platformStep(pipeline.name, name, run, originOf(pipeline, 'steps'), attemptsOf(graph, {}, null)),
      description: 'Bring the newest feature values into the online store.',
      needs: [...new Set([...reads.flatMap((table) => writer.get(table) ?? []), ...checks])].sort(byText),
      reads,
    },
  ];
}
