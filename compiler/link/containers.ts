import { containerOf } from '../ir/parts.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import type { Graph } from './graph.ts';
import { partsOf } from './parts.ts';

/** Containers beside the parts that have a port; a test holds this list against what is emitted. */
const HELPERS = [
  ...[
    'state',
    'databases',
    'apply',
    'topics',
    'airflow-db',
    'airflow-scheduler',
    'airflow-dag-processor',
    'log-index',
    'filebeat',
  ],
  ...['kibana-objects', 'node-exporter'],
];

/** Whether a model, or a step of a pipeline, brings packages of its own. */
function hasLocks({ models, pipelines, locks }: Graph): boolean {
  const runsOwnCode = [...pipelines.values()].filter(({ value }) => Object.values(value.steps).some(({ run }) => run));
  return [...models.values(), ...runsOwnCode].some(({ spec }) => locks.has(`${spec.folder}/requirements.lock`));
}

/** Names that the platform's own containers have in an environment. */
export function containersOf(graph: Graph, environment: string): Set<string> {
  const stated = graph.platform.value.environments[environment];
  if (!stated) return new Set();
  const models = [...graph.models.values()].filter(({ value }) => value.serving?.online);
  const replicas = models.flatMap(({ name, value }) => {
    const online = value.serving?.online;
    const count =
      online?.overrides?.[environment]?.replicas ?? online?.replicas ?? defaults.Model.serving.online.replicas;
    const trial = online?.canary ? [`serving-${containerOf(name)}-trial`] : [];
    return [...Array.from({ length: count }, (_, index) => `serving-${containerOf(name)}-${index + 1}`), ...trial];
  });
  const streams = [...graph.views.values()]
    .filter(({ value }) => value.stream)
    .map(({ name }) => `stream-${containerOf(name)}`);
  return new Set([
    ...partsOf(stated)
      .filter((part) => part !== 'kafka_controller')
      .map(containerOf),
    ...HELPERS,
    ...(hasLocks(graph) ? ['environments'] : []),
    ...replicas,
    ...streams,
  ]);
}
