/** A model's standard training and batch scoring. */
import { byText } from '../diagnostics/diagnostic.ts';
import { address } from '../ir/address.ts';
import type { Asset, Origin, Pipeline, PlatformStep, Schedule, Step } from '../ir/types.ts';
import { type Declared, predictionsOf, referencesOf, tableOf } from '../link/declared.ts';
import { scoringPipeline, trainingPipeline } from '../link/derived-names.ts';
import { type Graph, ownerOf } from '../link/graph.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import { championAsset, tableAsset } from './assets.ts';
import { attemptsOf } from './attempts.ts';
import { originOf } from './origins.ts';
import { platformStep, startOf } from './platform-steps.ts';
import { afterAny, scheduleOf } from './schedule.ts';

type Model = Declared<'Model'>;

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

export function derivedTraining(model: Model, graph: Graph): Pipeline {
  const { train, label } = model.value;
  const name = trainingPipeline(model.name);
  const origin = originOf(model, 'train');
  const tables = readTables(label.table, model, graph);
  const { retries, timeout } = train;
  const attempts = attemptsOf(graph, { retries, timeout }, null);
  // The verdict on the same figures is the same.
  const once = { ...attempts, retries: 0 };
  const steps = TRAINING.map(([uses, description], index): Step => {
    const before = TRAINING[index - 1]?.[0];
    return {
      ...platformStep(name, uses, stepOf(uses, model), origin, uses === 'gate' ? once : attempts),
      description,
      needs: before ? [before] : [],
      reads: uses === 'pull_features' ? tables : [],
      outlets: uses === 'register' ? [championAsset(graph, model.name)] : [],
    };
  });
  return {
    ...common(name, model, 'train', origin, graph),
    description: `Trains ${model.name}, and makes it champion if it wins.`,
    schedule: train.schedule ? scheduleOf(train.schedule, graph) : after(tables, [], graph),
    steps,
  };
}

export function derivedScoring(model: Model, batch: BatchSpec, graph: Graph): Pipeline {
  const name = scoringPipeline(model.name);
  const origin = originOf(model, 'serving', 'batch');
  const tables = readTables(batch.entities, model, graph);
  const output = predictionsOf(model);
  return {
    ...common(name, model, 'score', origin, graph),
    description: `Scores the newest rows of ${batch.entities} with the champion of ${model.name}.`,
    schedule: batch.schedule
      ? scheduleOf(batch.schedule, graph)
      : after(tables, [[championAsset(graph, model.name)]], graph),
    steps: [
      {
        ...platformStep(name, 'score', stepOf('score', model), origin, attemptsOf(graph, {}, null)),
        description: 'Predict, and publish the predictions as a table.',
        reads: tables,
        writes: [output],
        outlets: [tableAsset(graph, output)],
      },
    ],
  };
}

type BatchSpec = NonNullable<NonNullable<Model['value']['serving']>['batch']>;

const stepOf = (uses: Exclude<PlatformStep['uses'], 'materialize'>, { name }: Model): PlatformStep => ({
  kind: 'platform',
  uses,
  with: { model: name },
});

/** The table whose rows are used, and those of the features. */
export function readTables(rows: string, model: Model, graph: Graph): string[] {
  const views = referencesOf(model).flatMap(({ view }) => graph.views.get(view) ?? []);
  return [...new Set([rows, ...views.map(tableOf)])].sort(byText);
}

const after = (tables: readonly string[], others: readonly (readonly Asset[])[], graph: Graph): Schedule =>
  afterAny([tables.map((table) => tableAsset(graph, table)), ...others]);

const common = (
  name: string,
  model: Model,
  purpose: 'train' | 'score',
  origin: Origin,
  graph: Graph,
): Omit<Pipeline, 'schedule' | 'steps' | 'description'> => ({
  address: address.pipeline(name),
  name,
  owner: ownerOf(model, graph),
  tags: ['model', model.name].sort(byText),
  origin,
  derivedFrom: { model: model.name, purpose },
  start: startOf(graph),
  catchup: defaults.Pipeline.catchup,
});
