import type { Served } from '../ir/inventory.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import type { Graph } from './graph.ts';
import { hostOf } from './hosts.ts';

/** Names that the platform's own containers have in an environment; a test holds them against what is emitted. */
export function containersOf(graph: Graph, environment: string): Set<string> {
  const stated = graph.platform.value.environments[environment];
  return new Set(stated ? graph.inventory.containers(hostOf(graph, stated), servedIn(graph, environment)) : []);
}

function servedIn(graph: Graph, environment: string): Served {
  const { models, views } = graph;
  const apis = [...models.values()].flatMap(({ name, value: { serving } }) => {
    if (!serving?.online) return [];
    const { overrides, canary, ...online } = { ...defaults.Model.serving.online, ...serving.online };
    const replicas = overrides?.[environment]?.replicas ?? online.replicas;
    return [{ model: name, replicas, trial: canary !== undefined }];
  });
  const streamed = [...views.values()].filter(({ value }) => value.stream);
  return { apis, streams: streamed.map(({ name }) => name), hasLocks: hasLocks(graph) };
}

/** Whether a model, or a step of a pipeline, brings packages of its own. */
function hasLocks({ models, pipelines, locks }: Graph): boolean {
  const runsOwnCode = [...pipelines.values()].filter(({ value }) => Object.values(value.steps).some(({ run }) => run));
  return [...models.values(), ...runsOwnCode].some(({ spec }) => locks.has(`${spec.folder}/requirements.lock`));
}
