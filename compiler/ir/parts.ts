/** The parts of a platform: where each listens, and how the others reach it. */
import type { Environment, Ir, Part, Ports } from './types.ts';

export const DEFAULT_PORTS: Ports = {
  airflow: 8080,
  mlflow: 5000,
  postgres: 5432,
  redis: 6379,
  kafka: 9092,
  kafka_controller: 9094,
  prometheus: 9090,
  alertmanager: 9093,
  node_exporter: 9100,
  elasticsearch: 9200,
  monitor: 9400,
  grafana: 3000,
  kibana: 5601,
  jupyter: 8888,
  jenkins: 8081,
  proxy: 8000,
};

const EMBEDDED: readonly Part[] = ['airflow', 'mlflow'];
/** What only containers run: there is no such server for the process runtime. */
const CONTAINERS_ONLY: readonly Part[] = ['grafana', 'kibana', 'jupyter', 'jenkins', 'proxy'];

export const hasServers = ({ stores }: Pick<Environment, 'stores'>): boolean => stores === 'servers';

/** The parts that an environment runs. */
export function partsOf({ runtime, stores }: Pick<Environment, 'runtime' | 'stores'>): Part[] {
  const parts = (Object.keys(DEFAULT_PORTS) as Part[]).filter(
    (part) => runtime === 'compose' || !CONTAINERS_ONLY.includes(part),
  );
  return stores === 'servers' ? parts : parts.filter((part) => EMBEDDED.includes(part));
}

export interface Address {
  host: string;
  port: number;
}

/** Containers have their own names and the tool's own port; `localhost` would be the caller's own container. */
export function addressOf({ runtime, host, ports }: Environment, part: Part): Address {
  return runtime === 'compose' ? { host: containerOf(part), port: DEFAULT_PORTS[part] } : { host, port: ports[part] };
}

/** Every container of ours answers on this port; the host's port is the environment's business. */
export const CONTAINER_PORT = 8000;

/**
 * How the other parts reach a model's API: an address a replica. Replicas are containers with names of their own,
 * because whoever scrapes or balances them must tell one from the other.
 */
export function serviceAddresses(environment: Environment, model: string): Address[] {
  const service = environment.services.find((each) => each.model === model);
  if (!service) throw new Error(`${model} is not served in ${environment.name}`);
  if (environment.runtime === 'process') return [{ host: environment.host, port: service.port }];
  return Array.from({ length: service.replicas }, (_, index) => ({
    host: containerOf(`serving_${model}_${index + 1}`),
    port: CONTAINER_PORT,
  }));
}

/** The container of a version on trial; none where there is none. */
export function trialAddresses({ services }: Environment, model: string): Address[] {
  const service = services.find((each) => each.model === model);
  return service?.canary ? [{ host: containerOf(`serving_${model}_trial`), port: CONTAINER_PORT }] : [];
}

/** How Prometheus reaches a view's stream consumer. */
export function consumerAddress(environment: Environment, view: string): Address {
  const consumer = environment.consumers.find((each) => each.view === view);
  if (!consumer) throw new Error(`${view} is not streamed in ${environment.name}`);
  return environment.runtime === 'compose'
    ? { host: containerOf(`stream_${view}`), port: CONTAINER_PORT }
    : { host: environment.host, port: consumer.port };
}

export const url = ({ host, port }: Address): string => `http://${host}:${port}`;

/** How long Prometheus keeps metrics where nothing is stated. */
export const METRICS_RETENTION = { process: '15d', compose: '30d' } as const;

/** What specs get that are silent, where a check needs it as well as the output. */
export const DEFAULTS = { apiTimeout: '2s', topicRetention: '7d', logPriority: 300 } as const;

/** How often Prometheus reads metrics, in seconds. */
export const SCRAPE_SECONDS = 15;

/** The template of the platform's own logs: data streams are called `logs-<dataset>-<environment>`. */
export const OWN_LOGS = { dataset: 'mlops.service', priority: 500 } as const;

/** Address of a team's dashboard in Grafana, which takes at most 40 characters. */
export const dashboardUid = (name: string, stated: string | undefined): string => stated ?? `team-${name.slice(0, 35)}`;

/** Underscores are no part of a host name. */
export const containerOf = (name: string): string => name.replaceAll('_', '-');

/**
 * How long Redis keeps a key without news. One hash holds all views of an entity, so the longest TTL decides; a day
 * more, so that a key does not vanish while its values still count. Readers hold each value against its own view's TTL.
 */
export function onlineKeySeconds({ featureViews }: Ir, { onlineTtlSeconds }: Environment): number {
  if (onlineTtlSeconds !== null) return onlineTtlSeconds;
  return Math.max(0, ...featureViews.filter(({ online }) => online).map(({ ttlSeconds }) => ttlSeconds)) + 86_400;
}
