import { byText } from '../diagnostics/diagnostic.ts';
import { address } from '../ir/address.ts';
import { GOALS } from '../ir/model-metrics.ts';
import type {
  FeatureView,
  Label,
  MissingFeatures,
  Model,
  ModelFeature,
  ModelInput,
  RequestField,
  ScalarType,
  Train,
} from '../ir/types.ts';
import { type Declared, entitiesOf, joinKeyOf, referencesOf, resolveRun } from '../link/declared.ts';
import { inputOf, PREDICTION } from '../link/derived-names.ts';
import { type Graph, lockOf, ownerOf } from '../link/graph.ts';
import { championAsset } from '../resolve/assets.ts';
import { originOf } from '../resolve/origins.ts';
import { parametersOf, sortedRecord } from '../resolve/sorted.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import { fraction, optional, seconds } from '../spec-schema/units.ts';
import { deprecationOf } from './deprecation.ts';
import { monitoringOf } from './model-monitoring.ts';
import { aliasesOf, batchOf, onlineOf } from './serving.ts';
import { ownDigest, specDigest, type Undigested } from './spec-digest.ts';

export function lowerModel(model: Declared<'Model'>, graph: Graph, views: readonly FeatureView[]): Model {
  const { task, serving, description, tags, deprecated } = model.value;
  const missingFeatures = serving?.missing_features ?? defaults.Model.serving.missing_features;
  const features = featuresOf(model, graph);
  const request = requestOf(model);
  const lowered: Undigested = {
    address: address.model(model.name),
    origin: originOf(model),
    name: model.name,
    description: description ?? '',
    owner: ownerOf(model, graph),
    tags: sortedRecord(tags),
    folder: model.spec.folder,
    lock: lockOf(model.spec.folder, graph),
    task,
    label: labelOf(model, graph),
    entities: entitiesUsed(features, graph),
    features,
    request,
    inputs: [
      ...features.map((feature) => featureInput(feature, missingFeatures)),
      ...request.map(({ name, type, nullable }): ModelInput => ({ name, type, required: !nullable })),
    ],
    // A classifier's is the probability of the positive class.
    output: { name: PREDICTION, type: 'float64' },
    missingFeatures,
    maxMissing: optional(serving?.max_missing, fraction),
    aliases: aliasesOf(model, graph),
    train: trainOf(model),
    online: onlineOf(model),
    batch: batchOf(model),
    asset: championAsset(graph, model.name),
  };
  const own = ownDigest(lowered, model);
  return {
    ...lowered,
    specDigest: specDigest(own, lowered, views),
    ownDigest: own,
    monitoring: monitoringOf(model, lowered),
    deprecated: deprecationOf(deprecated),
  };
}

/** In the order of the spec; the features of `view.*` by name. */
function featuresOf(model: Declared<'Model'>, graph: Graph): ModelFeature[] {
  return referencesOf(model).flatMap(({ view, feature, index }) => {
    const declared = graph.views.get(view)?.value.features ?? {};
    const names = feature === '*' ? Object.keys(declared).sort(byText) : [feature];
    return names.flatMap((name): ModelFeature[] => {
      const stated = declared[name];
      if (!stated) return [];
      return [
        {
          address: address.modelFeature(model.name, view, name),
          origin: originOf(model, 'features', index),
          view,
          feature: name,
          type: stated.type,
          input: inputOf(view, name),
          mask: stated.mask ?? null,
        },
      ];
    });
  });
}

function requestOf(model: Declared<'Model'>): RequestField[] {
  const fields = Object.entries(model.value.request ?? {}).sort(([a], [b]) => byText(a, b));
  return fields.map(([name, { type, description, unit, min, max, nullable, mask }]) => ({
    address: address.requestField(model.name, name),
    origin: originOf(model, 'request', name),
    name,
    type,
    description: description ?? '',
    unit: unit ?? null,
    min: min ?? null,
    max: max ?? null,
    nullable: nullable ?? defaults.Model.request.nullable,
    mask: mask ?? null,
  }));
}

function labelOf(model: Declared<'Model'>, graph: Graph): Label {
  const { table, column, timestamp, horizon } = model.value.label;
  const declared = graph.tables.get(table)?.writes.find(({ columns }) => columns)?.columns?.[column];
  const fallback: ScalarType = model.value.task === 'regression' ? 'float64' : 'int64';
  return {
    address: address.label(model.name),
    origin: originOf(model, 'label'),
    table,
    column,
    type: declared ?? fallback,
    timestamp,
    horizonSeconds: horizon === undefined ? 0 : seconds(horizon),
  };
}

function entitiesUsed(features: readonly ModelFeature[], graph: Graph): Model['entities'] {
  const names = new Set(features.flatMap(({ view }) => graph.views.get(view) ?? []).flatMap(entitiesOf));
  return [...names]
    .sort(byText)
    .flatMap((name) => graph.entities.get(name) ?? [])
    .map((entity) => ({ entity: entity.name, joinKey: joinKeyOf(entity), type: entity.value.type }));
}

function featureInput({ input, type }: ModelFeature, missing: MissingFeatures): ModelInput {
  if (missing === 'reject') return { name: input, type, required: true };
  const numeric = type !== 'string' && type !== 'timestamp';
  return { name: input, type: numeric ? 'float64' : type, required: false };
}

function trainOf(model: Declared<'Model'>): Train {
  const { run, window, holdout, metric, promote_if, pickle } = model.value.train;
  return {
    address: address.train(model.name),
    origin: originOf(model, 'train'),
    ...resolveRun(model.spec, run),
    with: parametersOf(model, 'train', 'with'),
    windowSeconds: window === undefined ? null : seconds(window),
    holdoutSeconds: seconds(holdout),
    metric,
    goal: GOALS[metric],
    promoteIf: { beats: [...new Set(promote_if.beats)].sort(byText), by: fraction(promote_if.by) },
    pickle: pickle ?? defaults.Model.train.pickle,
  };
}
