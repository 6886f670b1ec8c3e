import { passwordVariable, secretOfAccount } from '../../clients/account.ts';
import { hasServers } from '../../ir/look-up.ts';
import { monitor as metrics } from '../../ir/metrics.ts';
import type { FeatureView, Ir, Model } from '../../ir/types.ts';
import type { Artifact } from '../../render/artifact.ts';
import { json } from '../../render/json.ts';
import type { Site } from '../host.ts';
import type { Tool } from '../tool.ts';
import { trackingAs } from '../tracking-account.ts';
import { APPLIED, ours, type Workload } from '../workload.ts';
import { modelPage } from './pages/model.ts';
import { pipelinesPage } from './pages/pipelines.ts';
import { monitorFile } from './rules/model.ts';
import { pipelineFile } from './rules/pipeline.ts';
import { viewFile } from './rules/view.ts';

/** What the monitor measures. How much is too much stands in Prometheus' rules alone. */
export const monitoring = {
  name: 'monitoring',
  emitCommon: (ir: Ir) => [...ir.featureViews.map(view), ...ir.models.map(model)],
  workloads: (site: Site) => (hasServers(site.environment) ? [monitor(site)] : []),
  logs: 'monitor.log',
  metrics: { job: 'monitor', families: Object.values(metrics) },
  rules: ({ featureViews, models, pipelines }: Ir) => [
    ...featureViews.map(viewFile),
    ...models.map(monitorFile),
    ...pipelines.map(pipelineFile),
  ],
  pages: ({ models }: Ir) => [pipelinesPage(), ...models.map(modelPage)],
  titles: /^(Pipelines|Model .+)$/i,
  ports: { monitor: { title: 'the monitor', usual: 9400 } },
  containers: () => ['monitor'],
} satisfies Tool;

function view({ name, batch, quality, features, origin }: FeatureView): Artifact {
  const content = json({
    view: name,
    table: batch.table,
    timestamp: batch.timestamp,
    window_seconds: quality.windowSeconds,
    features: features.map(({ name: feature, type, min, max }) => ({ name: feature, type, min, max })),
  });
  return { path: `common/monitoring/views/${name}.json`, content, origin: origin.file };
}

function model({ name, task, label, entities, request, inputs, monitoring: watched, origin }: Model): Artifact {
  const content = json({
    model: name,
    task,
    label: {
      table: label.table,
      column: label.column,
      timestamp: label.timestamp,
      horizon_seconds: label.horizonSeconds,
    },
    keys: entities.map(({ joinKey }) => joinKey),
    request: request.map(({ name: field }) => field),
    inputs: inputs.map(({ name: input, type }) => ({ name: input, type })),
    drift: {
      window_seconds: watched.drift.windowSeconds,
      min_samples: watched.drift.minSamples,
      ignore: watched.drift.ignore,
    },
    performance: { window_seconds: watched.quality.windowSeconds, min_samples: watched.quality.minSamples },
  });
  return { path: `common/monitoring/models/${name}.json`, content, origin: origin.file };
}

/** Measures data, predictions, pipelines, and whether what runs is what was deployed, for Prometheus. */
function monitor({ environment, host }: Site): Workload {
  const settings = `generated/${environment.name}/runtime/environment.json`;
  const { program, container } = ours(host.runtimeCommand('monitor'), {
    secrets: trackingAs('monitor', host).secrets,
    // With the index of logs, which it compares with what was deployed.
    networks: ['platform', 'data', 'monitoring', 'logs'],
    // In a checkout it reads contracts again where they change.
    reads: [settings],
    megabytes: 2048,
    cpus: 1,
  });
  return {
    name: 'monitor',
    port: { part: 'monitor' },
    health: { http: '/livez', ready: '/readyz' },
    needs: { redis: 'healthy', ...APPLIED },
    // It reads runs and DAGs, and may change none.
    variables: trackingAs('monitor', host).variables,
    secretVariables: { [passwordVariable('airflow', 'monitor')]: secretOfAccount('airflow', 'monitor') },
    log: 'monitor',
    metrics: { job: 'monitor' },
    program: { ...program, reads: ['generated/common/monitoring', settings] },
    container,
  };
}
