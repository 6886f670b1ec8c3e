import { byText } from '../diagnostics/diagnostic.ts';
import { address } from '../ir/address.ts';
import type { Asset, JsonValue, Model, Origin, Pipeline, PlatformStep, Schedule, Step } from '../ir/types.ts';
import { attemptsOf, intervalOf } from '../link/attempts.ts';
import { type Declared, predictionsOf, resolveRun, tableOf } from '../link/declared.ts';
import { type Graph, ownerOf, timezoneOf } from '../link/graph.ts';
import { ticks } from '../link/schedule.ts';
import { needsOf, type StepSpec, writesOf } from '../link/steps.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import { championAsset, tableAsset } from './assets.ts';
import { sortedRecord } from './declared.ts';
import { lockOf } from './models.ts';
import { originOf } from './origins.ts';

type ScheduleSpec = NonNullable<Declared<'Pipeline'>['value']['schedule']>;

/** What written pipelines do with the platform's steps, and so is not derived again; and who reads each table. */
export interface WorkByHand {
  viewsOfTable: ReadonlyMap<string, Declared<'FeatureView'>[]>;
  materialized: ReadonlySet<string>;
  trained: ReadonlySet<string>;
  scored: ReadonlySet<string>;
}

export function workByHand(graph: Graph): WorkByHand {
  const steps = [...graph.pipelines.values()].flatMap(({ value }) => Object.values(value.steps));
  const models = (uses: StepSpec['uses']) =>
    new Set(steps.flatMap((step) => (step.uses === uses && step.model !== undefined ? [step.model] : [])));
  const viewsOfTable = new Map<string, Declared<'FeatureView'>[]>();
  for (const view of graph.views.values())
    viewsOfTable.set(tableOf(view), [...(viewsOfTable.get(tableOf(view)) ?? []), view]);
  return {
    viewsOfTable,
    materialized: new Set(steps.flatMap((step) => (step.uses === 'materialize' ? (step.views ?? []) : []))),
    trained: models('train'),
    scored: models('score'),
  };
}

export function lowerPipeline(pipeline: Declared<'Pipeline'>, graph: Graph, byHand: WorkByHand): Pipeline {
  const { schedule, catchup, tags, start } = pipeline.value;
  const needs = needsOf(pipeline.value);
  const written = Object.entries(pipeline.value.steps).map(([name, step]) =>
    lowerStep(pipeline, name, step, needs.get(name) ?? [], graph),
  );
  return {
    address: address.pipeline(pipeline.name),
    name: pipeline.name,
    description: pipeline.value.description ?? '',
    owner: ownerOf(pipeline, graph),
    tags: [...new Set(tags ?? [])].sort(byText),
    origin: originOf(pipeline),
    derivedFrom: null,
    schedule: lowerSchedule(schedule, graph),
    start: start ?? startOf(graph),
    catchup: catchup ?? defaults.Pipeline.catchup,
    steps: inOrder([...written, ...materialization(pipeline, written, graph, byHand)]),
  };
}

const startOf = (graph: Graph): string => graph.platform.value.defaults?.start ?? defaults.Platform.defaults.start;

function lowerSchedule(schedule: ScheduleSpec | undefined, graph: Graph): Schedule {
  if (schedule?.cron !== undefined) {
    const { shortest, longest } = ticks(schedule.cron) ?? { shortest: null, longest: null };
    const timezone = schedule.timezone ?? timezoneOf(graph);
    return {
      kind: 'cron',
      cron: schedule.cron.trim().replace(/ +/g, ' '),
      timezone,
      intervalSeconds: shortest === longest ? shortest : null,
      longestSeconds: longest,
    };
  }
  if (schedule?.after !== undefined) return afterAll(schedule.after.map((table) => tableAsset(graph, table)));
  return { kind: 'manual' };
}

const afterAll = (assets: readonly Asset[]): Schedule => ({ kind: 'assets', anyOf: [unique(assets)] });

const unique = (assets: readonly Asset[]): Asset[] =>
  [...new Map(assets.map((asset) => [asset.name, asset])).values()].sort((a, b) => byText(a.name, b.name));

function attempts(
  stated: Parameters<typeof attemptsOf>[1],
  graph: Graph,
  interval: number | null,
): Pick<Step, 'retries' | 'retryDelaySeconds' | 'timeoutSeconds'> {
  const { retries, retryDelay, timeout } = attemptsOf(graph, stated, interval);
  return { retries, retryDelaySeconds: retryDelay, timeoutSeconds: timeout };
}

function lowerStep(
  pipeline: Declared<'Pipeline'>,
  name: string,
  step: StepSpec,
  needs: readonly string[],
  graph: Graph,
): Step {
  const call = callOf(pipeline, step, graph);
  const writes = call.kind === 'function' ? writesOf(step).sort(byText) : writesOfPlatformStep(call, graph);
  return {
    address: address.step(pipeline.name, name),
    name,
    description: step.description ?? '',
    origin: originOf(pipeline, 'steps', name),
    run: call,
    needs: [...needs].sort(byText),
    // The function gets frames by name, so order carries no meaning.
    reads: [...(step.reads ?? [])].sort(byText),
    writes,
    mode: step.mode ?? defaults.Pipeline.steps.mode,
    partition: step.partition ?? null,
    outlets: outletsOf(call, writes, graph),
    connections: [...(step.connections ?? [])].sort(byText),
    ...attempts(
      call.kind === 'platform' && call.uses === 'gate' ? { retries: 0, ...step } : step,
      graph,
      intervalOf(pipeline.value.schedule, 'shortest'),
    ),
  };
}

function callOf(pipeline: Declared<'Pipeline'>, step: StepSpec, graph: Graph): Step['run'] {
  if (step.run !== undefined) {
    return {
      kind: 'function',
      ...resolveRun(pipeline.spec, step.run),
      with: sortedRecord(step.with as Record<string, JsonValue> | undefined),
      lock: lockOf(pipeline.spec.folder, graph),
    };
  }
  if (step.uses === 'materialize' || step.uses === undefined)
    return { kind: 'platform', uses: 'materialize', with: { views: [...(step.views ?? [])].sort(byText) } };
  return { kind: 'platform', uses: step.uses, with: { model: step.model ?? '' } };
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
function materialization(
  pipeline: Declared<'Pipeline'>,
  steps: readonly Step[],
  graph: Graph,
  byHand: WorkByHand,
): Step[] {
  const writer = new Map(steps.flatMap((step) => step.writes.map((table) => [table, step.name] as const)));
  const views = [...writer.keys()]
    .flatMap((table) => byHand.viewsOfTable.get(table) ?? [])
    .filter((view) => view.value.online !== false && !byHand.materialized.has(view.name));
  if (views.length === 0) return [];
  const names = new Set(steps.map(({ name }) => name));
  const reads = [...new Set(views.map(tableOf))].sort(byText);
  return [
    {
      ...platformStep(
        pipeline.name,
        names.has('materialize') ? 'materialize_features' : 'materialize',
        { kind: 'platform', uses: 'materialize', with: { views: views.map(({ name }) => name).sort(byText) } },
        originOf(pipeline, 'steps'),
        graph,
      ),
      description: 'Bring the newest feature values into the online store.',
      needs: [...new Set(reads.flatMap((table) => writer.get(table) ?? []))].sort(byText),
      reads,
    },
  ];
}

function platformStep(
  pipeline: string,
  name: string,
  run: PlatformStep,
  origin: Origin,
  graph: Graph,
  stated: Parameters<typeof attempts>[0] = {},
): Step {
  return {
    address: address.step(pipeline, name),
    name,
    description: '',
    origin,
    run,
    needs: [],
    reads: [],
    writes: [],
    mode: defaults.Pipeline.steps.mode,
    partition: null,
    outlets: [],
    connections: [],
    ...attempts(stated, graph, null),
  };
}

const TRAINING = [
  [
    'pull_features',
    'Join the features to the labelled rows, as they were known when a prediction would have been made.',
  ],
  ['train', "Fit the team's model on everything before the holdout."],
  ['evaluate', 'Hold the candidate, a naive baseline and the champion against the holdout.'],
  ['gate', 'Refuse a candidate that does not win by the stated margin.'],
  ['register', 'Register the candidate and make it champion.'],
] as const;

/** A model's standard training and batch scoring, unless written pipelines do the same work. */
export function derivedPipelines(model: Model, graph: Graph, byHand: WorkByHand): Pipeline[] {
  const spec = graph.models.get(model.name) as Declared<'Model'>;
  const training = byHand.trained.has(model.name) ? [] : [trainingPipeline(model, spec, graph)];
  const scoring = !model.batch || byHand.scored.has(model.name) ? [] : [scoringPipeline(model, spec, graph)];
  return [...training, ...scoring];
}

const featureTables = (model: Model, graph: Graph): string[] =>
  model.features.flatMap(({ view }) => graph.views.get(view) ?? []).map(tableOf);

function trainingPipeline(model: Model, spec: Declared<'Model'>, graph: Graph): Pipeline {
  const origin = originOf(spec, 'train');
  const { schedule, retries, timeout } = spec.value.train;
  const tables = [...new Set([model.label.table, ...featureTables(model, graph)])].sort(byText);
  const steps = TRAINING.map(([uses, description], index): Step => {
    const step = platformStep(
      `train_${model.name}`,
      uses,
      { kind: 'platform', uses, with: { model: model.name } },
      origin,
      graph,
      {
        retries,
        timeout,
      },
    );
    const before = TRAINING[index - 1]?.[0];
    return {
      ...step,
      description,
      needs: before ? [before] : [],
      reads: uses === 'pull_features' ? tables : [],
      outlets: uses === 'register' ? [model.asset] : [],
      // The verdict on the same figures is the same.
      retries: uses === 'gate' ? 0 : step.retries,
    };
  });
  return {
    ...derived(model, 'train', origin, graph),
    description: `Trains ${model.name}, and makes it champion if it wins.`,
    schedule: schedule ? lowerSchedule(schedule, graph) : afterAll(tables.map((table) => tableAsset(graph, table))),
    steps,
  };
}

function scoringPipeline(model: Model, spec: Declared<'Model'>, graph: Graph): Pipeline {
  const batch = model.batch as NonNullable<Model['batch']>;
  const origin = originOf(spec, 'serving', 'batch');
  const step = platformStep(
    `score_${model.name}`,
    'score',
    { kind: 'platform', uses: 'score', with: { model: model.name } },
    origin,
    graph,
  );
  const schedule = spec.value.serving?.batch?.schedule;
  const tables = [...new Set([batch.entities, ...featureTables(model, graph)])].sort(byText);
  return {
    ...derived(model, 'score', origin, graph),
    description: `Scores the newest rows of ${batch.entities} with the champion of ${model.name}.`,
    schedule: schedule
      ? lowerSchedule(schedule, graph)
      : { kind: 'assets', anyOf: [unique(tables.map((table) => tableAsset(graph, table))), [model.asset]] },
    steps: [
      {
        ...step,
        description: 'Predict, and publish the predictions as a table.',
        reads: tables,
        writes: [batch.output],
        outlets: [tableAsset(graph, batch.output)],
      },
    ],
  };
}

function derived(
  model: Model,
  purpose: 'train' | 'score',
  origin: Origin,
  graph: Graph,
): Omit<Pipeline, 'schedule' | 'steps' | 'description'> {
  return {
    address: address.pipeline(`${purpose}_${model.name}`),
    name: `${purpose}_${model.name}`,
    owner: model.owner,
    tags: ['model', model.name].sort(byText),
    origin,
    derivedFrom: { model: model.name, purpose },
    start: startOf(graph),
    catchup: defaults.Pipeline.catchup,
  };
}

/** Steps after all that they need; among equals by name. */
function inOrder(steps: readonly Step[]): Step[] {
  const waiting = [...steps].sort((a, b) => byText(a.name, b.name));
  const done = new Set<string>();
  const ordered: Step[] = [];
  while (waiting.length > 0) {
    const index = waiting.findIndex((step) => step.needs.every((need) => done.has(need)));
    const [next] = waiting.splice(Math.max(0, index), 1) as [Step];
    done.add(next.name);
    ordered.push(next);
  }
  return ordered;
}
