import type { Graph } from '../link/graph.ts';
import { seconds } from '../spec-schema/units.ts';
import { originOf, sortedEntries } from './declared.ts';
import type { Environment, Model, ModelService } from './types.ts';

/** Below the range from which operating systems hand out ports, and above the well-known servers. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;

export function lowerEnvironments(graph: Graph, models: readonly Model[]): Environment[] {
  return sortedEntries(graph.platform.value.environments).map(([name, environment]) => {
    const ports = { airflow: environment.ports?.airflow ?? 8080, mlflow: environment.ports?.mlflow ?? 5000 };
    const { provider, dir } = environment.secrets ?? { provider: 'env' as const };
    return {
      name,
      origin: originOf(graph.platform, 'environments', name),
      runtime: environment.runtime,
      stores: environment.stores,
      host: environment.host ?? '127.0.0.1',
      ports,
      secrets: provider === 'file' ? { provider, dir: dir ?? 'secrets' } : { provider: 'env' },
      services: servicesOf(name, graph, models, Object.values(ports)),
    };
  });
}

function servicesOf(environment: string, graph: Graph, models: readonly Model[], reserved: readonly number[]): ModelService[] {
  const served = models.filter(({ online }) => online !== null);
  const settings = new Map(
    served.map((model) => {
      const online = graph.models.get(model.name)?.value.serving?.online ?? {};
      return [model.name, { ...online, ...online.overrides?.[environment] }];
    }),
  );
  const stated = [...settings.values()].flatMap(({ port }) => port ?? []);
  const taken = new Set([...reserved, ...stated]);
  return served.map((model) => {
    const { port, workers, timeout } = settings.get(model.name) ?? {};
    return {
      model: model.name,
      port: port ?? derivedPort(model.name, taken),
      workers: workers ?? 1,
      timeoutSeconds: timeout === undefined ? (model.online?.timeoutSeconds ?? 2) : seconds(timeout),
      missingFeatures: model.missingFeatures,
    };
  });
}

/** From the name alone, so that a new model does not move its neighbours; on a clash the next free one. */
function derivedPort(name: string, taken: Set<number>): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0; // FNV-1a, 32 bits
  let port = FIRST_PORT + (hash % PORTS);
  while (taken.has(port)) port = FIRST_PORT + ((port - FIRST_PORT + 1) % PORTS);
  taken.add(port);
  return port;
}
