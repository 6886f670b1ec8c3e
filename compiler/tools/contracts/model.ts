import { named } from '../../ir/look-up.ts';
import type { Ir, Model, Train } from '../../ir/types.ts';
import type { Json } from '../../render/json.ts';
import { logJson } from '../prediction-log.ts';

/** How a model is trained, judged and scored. */
export function modelJson(model: Model, ir: Ir): Json {
  const { label } = model;
  return {
    model: model.name,
    owner: model.owner,
    task: model.task,
    spec: { file: model.origin.file, digest: model.ownDigest },
    lock: model.lock,
    label: {
      table: label.table,
      column: label.column,
      type: label.type,
      timestamp: label.timestamp,
      horizon_seconds: label.horizonSeconds,
    },
    entities: model.entities.map(({ entity, joinKey, type }) => ({ entity, join_key: joinKey, type })),
    feature_service: model.name,
    features: model.features.map(({ view, feature, type, input }) => ({
      view,
      feature,
      type,
      input,
      table: tableOf(view, ir),
    })),
    request: model.request.map(({ name, type }) => ({ name, type })),
    inputs: model.inputs.map(({ name, type, required }) => ({ name, type, required })),
    nullable: model.request.filter(({ nullable }) => nullable).map(({ name }) => name),
    masks: masksOf(model),
    output: { name: model.output.name, type: model.output.type },
    missing_features: model.missingFeatures,
    max_missing: model.maxMissing,
    train: trainJson(model.train),
    batch: model.batch && {
      entities: model.batch.entities,
      window_seconds: model.batch.windowSeconds,
      output: model.batch.output,
    },
    log: logJson(model),
  };
}

function tableOf(view: string, ir: Ir): string {
  const table = named(ir.featureViews, view)?.batch.table;
  if (table === undefined) throw new Error(`the model's feature view ${view} is not in the IR`);
  return table;
}

function trainJson(train: Train): Json {
  return {
    file: train.file,
    function: train.function,
    with: train.with,
    window_seconds: train.windowSeconds,
    holdout_seconds: train.holdoutSeconds,
    metric: train.metric,
    goal: train.goal,
    promote_if: { beats: train.promoteIf.beats, by: train.promoteIf.by },
    ...(train.pickle ? { pickle: true } : {}),
  };
}

/** Inputs that a log of predictions may not hold as they are. */
const masksOf = ({ features, request }: Model): Record<string, string> =>
  Object.fromEntries([
    ...features.flatMap(({ input, mask }) => (mask === null ? [] : [[input, mask]])),
    ...request.flatMap(({ name, mask }) => (mask === null ? [] : [[name, mask]])),
  ]);
