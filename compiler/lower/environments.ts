import { address } from '../ir/address.ts';
import type {
  Alerting,
  Canary,
  Container,
  Environment,
  Model,
  ModelService,
  ProxySettings,
  Rollout,
  StreamConsumer,
} from '../ir/types.ts';
import { isOnline } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { hostOf, metricsKept, partsOf, runsContainers } from '../link/hosts.ts';
import { writtenAt } from '../resolve/exact.ts';
import { originOf } from '../resolve/origins.ts';
import { type EnvironmentPorts, usualPorts } from '../resolve/ports.ts';
import type { ResolvedGraph } from '../resolve/resolve.ts';
import { sorted, sortedEntries, sortedRecord } from '../resolve/sorted.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import type { ModelSpec, PlatformSpec } from '../spec-schema/generated/types.ts';
import { fraction, latencySeconds, megabytes, optional, seconds } from '../spec-schema/units.ts';

const DEFAULTS = defaults.Platform.environments;

type EnvironmentSpec = PlatformSpec['environments'][string];

export function lowerEnvironments(graph: ResolvedGraph, models: readonly Model[]): Environment[] {
  return sortedEntries(graph.platform.value.environments).map(([name, environment]) => {
    const { parts: ports, models: servicePorts, views: consumerPorts } = graph.ports.get(name) as EnvironmentPorts;
    return {
      address: address.environment(name),
      origin: originOf(graph.platform, 'environments', name),
      name,
      runtime: environment.runtime,
      stores: environment.stores,
      metricsRetentionSeconds: seconds(metricsKept(graph, environment)),
      backupWithinSeconds: optional(environment.backup_within, seconds),
      onlineTtlSeconds: onlineTtl(graph, environment),
      host: environment.host ?? DEFAULTS.host,
      ports,
      listens: hostOf(graph, environment).ownNetwork ? usualPorts(graph) : ports,
      proxy: proxyOf(environment),
      alerting: alertingOf(environment),
      secrets: secretsOf(environment),
      services: servicesOf(name, graph, models, servicePorts),
      consumers: consumersOf(name, graph, consumerPorts),
      containers: containersOf(name, environment, graph),
    };
  });
}

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

const proxyOf = ({ proxy }: EnvironmentSpec): ProxySettings => {
  const { requests_per_second: requestsPerSecond, burst, connections } = { ...DEFAULTS.proxy, ...proxy };
  const keys = [...new Set(proxy?.keys)].sort();
  return { requestsPerSecond, burst, connections, tls: proxy?.tls ?? null, keys };
};

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
  graph: Graph,
  models: readonly Model[],
  ports: ReadonlyMap<string, number>,
): ModelService[] {
  const spec = graph.platform.value.environments[environment] as EnvironmentSpec;
  const hasProxy = partsOf(graph, spec).has('proxy');
  const rolls = spec.stores === 'servers' && !runsContainers(graph, spec);
  return models.flatMap((model): ModelService[] => {
    const port = ports.get(model.name);
    if (!model.online || port === undefined) return [];
    const { workers, replicas, timeout, client_timeout, canary, rollout } = settingsOf(model, environment, graph);
    return [
      {
        address: address.service(environment, model.name),
        origin: model.online.origin,
        model: model.name,
        port,
        workers,
        replicas,
        timeoutSeconds: seconds(timeout),
        canary: canary && hasProxy ? canaryOf(canary) : null,
        rollout: rollout && rolls ? rolloutOf(rollout) : null,
        clientTimeoutSeconds: optional(client_timeout, seconds),
        missingFeatures: model.missingFeatures,
        maxMissing: model.maxMissing,
      },
    ];
  });
}

/** What a model's online side states, and its overrides in the environment. */
function settingsOf({ name }: Model, environment: string, { models }: Graph) {
  const online = models.get(name)?.value.serving?.online ?? {};
  return { ...defaults.Model.serving.online, ...online, ...online.overrides?.[environment] };
}

const consumersOf = (environment: string, { views }: Graph, ports: ReadonlyMap<string, number>): StreamConsumer[] =>
  sorted(views).flatMap((view) => {
    const port = ports.get(view.name);
    if (port === undefined) return [];
    return [
      {
        address: address.consumer(environment, view.name),
        origin: originOf(view, 'stream'),
        view: view.name,
        port,
      },
    ];
  });

/** As they are written: all variables are texts. */
const variablesOf = (
  environment: string,
  service: string,
  stated: object | undefined,
  platform: Graph['platform'],
): Record<string, string> => {
  const path = ['environments', environment, 'services', service, 'variables'];
  return Object.fromEntries(
    Object.keys(stated ?? {})
      .sort()
      .map((name) => [name, writtenAt(platform, ...path, name)]),
  );
};

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
    variables: variablesOf(environment, name, stated.variables, platform),
    secrets: [...new Set(stated.secrets)].sort(),
    volumes: sortedRecord(stated.volumes),
    networks: [...new Set(stated.networks ?? DEFAULTS.services.networks)].sort(),
    needs: sortedRecord(stated.needs),
    health: stated.health ?? null,
    megabytes: megabytes(stated.memory),
    cpus: stated.cpus ?? DEFAULTS.services.cpus,
  }));
}

type OnlineSpec = NonNullable<NonNullable<ModelSpec['serving']>['online']>;

const canaryOf = ({ alias, weights, abort_if }: NonNullable<OnlineSpec['canary']>): Canary => ({
  alias,
  weights,
  abort: abortOf(abort_if),
});

const rolloutOf = ({ share, for: length, abort_if }: NonNullable<OnlineSpec['rollout']>): Rollout => ({
  share: fraction(share),
  seconds: seconds(length),
  abort: abortOf(abort_if),
});

const abortOf = (stated: NonNullable<OnlineSpec['rollout']>['abort_if'] | undefined): Rollout['abort'] => ({
  errors: optional(stated?.errors, fraction),
  latencySeconds: optional(stated?.latency_p99, latencySeconds),
});
