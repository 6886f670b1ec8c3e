import { named } from '../../ir/look-up.ts';
import { serving as metrics } from '../../ir/metrics.ts';
import type { Canary, Ir, Model, ModelFeature, ModelService, Rollout } from '../../ir/types.ts';
import type { Artifact } from '../../render/artifact.ts';
import { json } from '../../render/json.ts';
import type { Site } from '../host.ts';
import { modelParts } from '../model-parts.ts';
import { logJson } from '../prediction-log.ts';
import type { Tool } from '../tool.ts';
import type { Running } from '../workload.ts';
import { apiPage } from './page.ts';
import { modelFile } from './rules.ts';
import { labelTimestampOf, requestSchema, responseSchema } from './schemas.ts';
import { workloads } from './workloads.ts';

/** The online API of each model: what a request holds, what is looked up for it, what comes back. */
export const serving = {
  name: 'serving',
  emitCommon: (ir) => ir.models.filter(({ online }) => online !== null).map((model) => contract(model, ir)),
  emitEnvironment: (site, running) =>
    site.environment.services.map((service) => endpoint(service, site, proxied(site, running))),
  workloads,
  logs: 'serving-*.log',
  metrics: { job: 'serving', families: Object.values(metrics), targetLabels: ['model', 'role'] },
  rules: (ir) => ir.models.filter(({ online }) => online !== null).map(modelFile),
  pages: (ir) => ir.models.filter(({ online }) => online !== null).map(apiPage),
  titles: /^Online API .+$/i,
  containers: ({ apis }) =>
    apis.flatMap(({ model, replicas, trial }) => [
      ...Array.from({ length: replicas }, (_, index) => `serving-${model}-${index + 1}`),
      ...(trial ? [`serving-${model}-trial`] : []),
    ]),
} satisfies Tool;

function contract(model: Model, ir: Ir): Artifact {
  const path = `common/serving/${model.name}.json`;
  const value = {
    model: model.name,
    description: model.description,
    task: model.task,
    latency_objective_seconds: model.online?.objectives.latencySeconds ?? null,
    registered_model: model.name,
    entities: servedEntities(model, ir),
    request: model.request.map(({ name, type, description, unit, min, max, nullable, mask }) => ({
      name,
      type,
      description,
      unit,
      min,
      max,
      nullable,
      mask,
    })),
    features: model.features.map((feature) => servedFeature(feature, ir)),
    inputs: model.inputs.map(({ name, type, required }) => ({ name, type, required })),
    label_timestamp: labelTimestampOf(model),
    output: { name: model.output.name, type: model.output.type },
    feature_service: model.name,
    log: logJson(model),
    request_schema: requestSchema(model, servedEntities(model, ir)),
    response_schema: responseSchema(model),
  };
  return { path, content: json(value), origin: model.origin.file, parts: modelParts(path, value, model) };
}

function servedEntities(model: Model, ir: Ir) {
  return model.entities.map(({ entity, joinKey, type }) => ({
    entity,
    join_key: joinKey,
    type,
    description: named(ir.entities, entity)?.description ?? '',
  }));
}

function servedFeature({ view, feature, input, type, mask }: ModelFeature, ir: Ir) {
  const declared = named(ir.featureViews, view);
  if (!declared) throw new Error(`the model's feature view ${view} is not in the IR`);
  return { view, feature, input, type, mask, ttl_seconds: declared.ttlSeconds, entities: declared.entities };
}

/** Whether callers come through the proxy, which refuses some before an API sees them. */
const proxied = ({ environment }: Site, running: readonly Running[]): Proxied =>
  running.some(({ workload }) => workload.name === 'proxy') ? { keys: environment.proxy.keys.length > 0 } : null;

type Proxied = { keys: boolean } | null;

const limits = ({ abort }: Canary | Rollout) => ({ errors: abort.errors, latency_seconds: abort.latencySeconds });

function endpoint(service: ModelService, { environment, host }: Site, proxy: Proxied): Artifact {
  const content = json({
    model: service.model,
    ...host.listen(service.port),
    workers: service.workers,
    timeout_seconds: service.timeoutSeconds,
    missing_features: service.missingFeatures,
    max_missing: service.maxMissing,
    trial: service.canary && limits(service.canary),
    rollout: service.rollout && {
      share: service.rollout.share,
      seconds: service.rollout.seconds,
      ...limits(service.rollout),
    },
    proxy,
  });
  return { path: `${environment.name}/serving/${service.model}.json`, content, origin: environment.origin.file };
}
