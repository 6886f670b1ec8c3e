import { address } from '../ir/address.ts';
import { hasServers } from '../ir/parts.ts';
import type {
  Alerting,
  Canary,
  Container,
  Environment,
  Model,
  ModelService,
  Ports,
  StreamConsumer,
} from '../ir/types.ts';
import { isOnline } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { hostOf, metricsKept, partsOf } from '../link/hosts.ts';
import { originOf } from '../resolve/origins.ts';
import { sorted, sortedEntries, sortedRecord } from '../resolve/sorted.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import type { ModelSpec, PlatformSpec } from '../spec-schema/generated/types.ts';
import { fraction, latencySeconds, megabytes, optional, seconds } from '../spec-schema/units.ts';

/** Below the range from which operating systems hand out ports, and above the well-known servers. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;

const DEFAULTS = defaults.Platform.environments;

type EnvironmentSpec = PlatformSpec['environments'][string];

export function lowerEnvironments(graph: Graph, models: readonly Model[]): Environment[] {
  return sortedEntries(graph.platform.value.environments).map(([name, environment]) => {
    const ports = portsOf(graph, environment);
    const taken = new Set(Object.values(ports));
    // A shifted environment may run beside another one on the same machine.
    const suffix = environment.port_offset ? `@${name}` : '';
    const services = servicesOf(name, suffix, graph, models, taken);
    return {
      address: address.environment(name),
      origin: originOf(graph.platform, 'environments', name),
      name,
      runtime: environment.runtime,
      stores: environment.stores,
      metricsRetentionSeconds: seconds(metricsKept(graph, environment)),
      onlineTtlSeconds: onlineTtl(graph, environment),
      host: environment.host ?? DEFAULTS.host,
      ports,
      listens: hostOf(graph, environment).ownNetwork ? usualPorts(graph) : ports,
      alerting: alertingOf(environment),
      secrets: secretsOf(environment),
      services,
      consumers: hasServers(environment) ? consumersOf(name, suffix, graph, taken) : [],
      containers: containersOf(name, environment, graph),
    };
  });
}

function portsOf(graph: Graph, { ports, port_offset }: EnvironmentSpec): Ports {
  const offset = port_offset ?? DEFAULTS.port_offset;
  const shifted = Object.entries(usualPorts(graph)).map(([part, usual]) => [part, usual + offset] as const);
  return { ...Object.fromEntries(shifted), ...ports };
}

const usualPorts = ({ inventory }: Graph): Ports =>
  Object.fromEntries([...inventory.ports].map(([part, { usual }]) => [part, usual]));

/**
 * One hash holds all views of an entity, so the longest TTL decides; a day more, so that a key does not vanish while
 * its values still count. Readers hold each value against its own view's TTL.
 */
function onlineTtl({ views }: Graph, { online_ttl }: EnvironmentSpec): number {
  if (online_ttl !== undefined) return seconds(online_ttl);
  const online = [...views.values()].filter(isOnline);
  return online.reduce((longest, { value }) => Math.max(longest, seconds(value.ttl)), 0) + seconds('1d');
}

function secretsOf({ secrets }: EnvironmentSpec): Environment['secrets'] {
  return secrets?.provider === 'file' && secrets.dir !== undefined
    ? { provider: 'file', dir: secrets.dir }
    : { provider: DEFAULTS.secrets.provider };
}

function alertingOf({ alerting }: EnvironmentSpec): Alerting {
  return {
    webhook: alerting?.webhook ?? null,
    slack: alerting?.slack ?? null,
    smtp: optional(alerting?.smtp, ({ host, from, username, password }) => ({
      host,
      from,
      username: username ?? null,
      passwordSecret: password?.secret ?? null,
    })),
  };
}

function servicesOf(
  environment: string,
  suffix: string,
  graph: Graph,
  models: readonly Model[],
  taken: Set<number>,
): ModelService[] {
  const served = models.filter(({ online }) => online !== null);
  const spec = graph.platform.value.environments[environment];
  const hasProxy = spec !== undefined && partsOf(graph, spec).has('proxy');
  for (const model of served) {
    const { port } = settingsOf(model, environment, graph);
    if (port !== undefined) taken.add(port);
  }
  return served.map((model) => {
    const { port, workers, replicas, timeout, client_timeout, canary } = settingsOf(model, environment, graph);
    return {
      address: address.service(environment, model.name),
      origin: model.online?.origin ?? model.origin,
      model: model.name,
      port: port ?? derivedPort(`${model.name}${suffix}`, taken),
      workers,
      replicas,
      timeoutSeconds: seconds(timeout),
      canary: canary && hasProxy ? canaryOf(canary) : null,
      clientTimeoutSeconds: client_timeout === undefined ? null : seconds(client_timeout),
      missingFeatures: model.missingFeatures,
    };
  });
}

/** What a model's online side states, and its overrides in the environment. */
function settingsOf({ name }: Model, environment: string, { models }: Graph) {
  const online = models.get(name)?.value.serving?.online ?? {};
  return { ...defaults.Model.serving.online, ...online, ...online.overrides?.[environment] };
}

function consumersOf(environment: string, suffix: string, graph: Graph, taken: Set<number>): StreamConsumer[] {
  const streamed = sorted(graph.views).filter((view) => view.value.stream !== undefined);
  return streamed.map((view) => ({
    address: address.consumer(environment, view.name),
    origin: originOf(view, 'stream'),
    view: view.name,
    port: derivedPort(`stream/${view.name}${suffix}`, taken),
  }));
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

function containersOf(environment: string, { services }: EnvironmentSpec, { platform }: Graph): Container[] {
  return sortedEntries(services).map(([name, stated]) => ({
    address: address.container(environment, name),
    origin: originOf(platform, 'environments', environment, 'services', name),
    name,
    image: stated.image,
    command: stated.command ?? null,
    port: stated.port ?? null,
    publish: stated.publish ?? null,
    tls: stated.tls ?? DEFAULTS.services.tls,
    metrics: stated.metrics ?? null,
    variables: Object.fromEntries(sortedEntries(stated.variables).map(([key, value]) => [key, String(value)])),
    secrets: [...new Set(stated.secrets)].sort(),
    volumes: sortedRecord(stated.volumes),
    networks: [...new Set(stated.networks ?? DEFAULTS.services.networks)].sort(),
    needs: sortedRecord(stated.needs),
    health: stated.health ?? null,
    megabytes: megabytes(stated.memory),
    cpus: stated.cpus ?? DEFAULTS.services.cpus,
  }));
}

type CanarySpec = NonNullable<NonNullable<NonNullable<ModelSpec['serving']>['online']>['canary']>;

const canaryOf = ({ alias, weights, abort_if }: CanarySpec): Canary => ({
  alias,
  weights,
  abort: {
    errors: optional(abort_if?.errors, fraction),
    latencySeconds: optional(abort_if?.latency_p99, latencySeconds),
  },
});
