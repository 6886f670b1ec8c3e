/** Environments: what runs in each, and where. */
import type { MissingFeatures } from './models.ts';
import type { Addressed } from './values.ts';

export interface Environment extends Addressed {
  name: string;
  /** The host that it runs on. */
  runtime: string;
  /** `servers`: PostgreSQL, Redis, Kafka and all that watches them. `embedded`: none of these. */
  stores: 'embedded' | 'servers';
  /** How long Prometheus keeps metrics. */
  metricsRetentionSeconds: number;
  /** How old the last good backup may be; null where nobody is alerted. */
  backupWithinSeconds: number | null;
  /** How long Redis keeps a key without news. */
  onlineTtlSeconds: number;
  /** Where people reach it; processes listen on it (loopback). */
  host: string;
  /** On the host. Parts that the environment does not run have theirs too. */
  ports: Ports;
  /** What each part listens on where it runs: a container of its own has the tool's usual port. */
  listens: Ports;
  proxy: ProxySettings;
  alerting: Alerting;
  secrets: { provider: 'env' } | { provider: 'file'; dir: string };
  /** One entry per model with an online side, sorted by name. */
  services: ModelService[];
  /** One entry per streamed view, sorted by name; none where stores are embedded. */
  consumers: StreamConsumer[];
  /** Containers of teams' own, sorted by name. */
  containers: Container[];
}

/** By part: `airflow`, `redis` and so on, as an environment's `ports` call them. */
export type Ports = Record<string, number>;

/** What the proxy takes of each caller; environments without one have it, too. */
export interface ProxySettings {
  requestsPerSecond: number;
  burst: number;
  connections: number;
  /** A folder of the host, by its whole path: no release has it. */
  tls: { dir: string } | null;
  /** Names of the keys of callers, sorted; where there are none, nobody needs one. */
  keys: string[];
}

/** How alerts leave the environment. Null where the channel is not set up. */
export interface Alerting {
  webhook: string | null;
  slack: { secret: string } | null;
  smtp: { host: string; from: string; username: string | null; passwordSecret: string | null } | null;
}

export interface ModelService extends Addressed {
  model: string;
  port: number;
  workers: number;
  replicas: number;
  timeoutSeconds: number;
  /** How long callers wait; null where nothing is stated. */
  clientTimeoutSeconds: number | null;
  /** Only where there is a proxy. */
  canary: Canary | null;
  /** Only where an API's next process can be tried before it takes over. */
  rollout: Rollout | null;
  missingFeatures: MissingFeatures;
  maxMissing: number | null;
}

/** A version on trial beside the champion. */
export interface Canary {
  alias: string;
  /** Shares of the requests; together 100. */
  weights: { champion: number; trial: number };
  abort: Abort;
}

/** What takes it out: a share of failed answers (0 to 1), a time; null where nothing is stated. */
interface Abort {
  errors: number | null;
  latencySeconds: number | null;
}

/** How the next process of an API is tried: on a share of the connections (0 to 1), and for how long. */
export interface Rollout {
  share: number;
  seconds: number;
  abort: Abort;
}

/** The process that writes one view's events into the feature store. */
export interface StreamConsumer extends Addressed {
  view: string;
  /** Where it answers /metrics, /livez and /readyz. */
  port: number;
}

/**
 * Who must talk to whom, and nobody else: edge: the proxy and the APIs behind it; platform: Airflow, MLflow and their
 * clients; data: the stores, which have no way out; events: Kafka and producers on this host; monitoring: who measures,
 * and who is measured; logs: the index; ci: Jenkins.
 */
export const NETWORKS = ['edge', 'platform', 'data', 'events', 'monitoring', 'logs', 'ci'] as const;
export type Network = (typeof NETWORKS)[number];

/** A container that is in one of these and in another would be the way into what nobody logs in to. */
export const OWN_NETWORKS: readonly Network[] = ['data', 'logs', 'ci'];

/** A container of a team's own. */
export interface Container extends Addressed {
  name: string;
  image: string;
  command: string[] | null;
  port: number | null;
  publish: number | null;
  tls: boolean;
  /** Path that Prometheus reads. */
  metrics: string | null;
  variables: Record<string, string>;
  secrets: string[];
  /** Volume → path in the container. */
  volumes: Record<string, string>;
  networks: string[];
  needs: Record<string, 'healthy' | 'completed'>;
  health: string[] | null;
  megabytes: number;
  cpus: number;
}
