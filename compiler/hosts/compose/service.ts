/** The shape of a service: what all containers have in common stands here once. */
import { createHash } from 'node:crypto';
import { byText } from '../../diagnostics/diagnostic.ts';
import type { Environment, Ir } from '../../ir/types.ts';
import type { Json } from '../../render/json.ts';
import type { Artifact } from '../../tools/tool.ts';

// Aliases, not interfaces: these become YAML as they are.
export type Service = { [key: string]: Json };
export type Services = Record<string, Service>;

/** What one module adds to an environment. */
export type ServiceModule = (ir: Ir, environment: Environment) => Services;

/**
 * Who must talk to whom, and nobody else: edge: the proxy and the APIs behind it; platform: Airflow, MLflow and their
 * clients; data: the stores, which have no way out; events: Kafka and producers on this host; monitoring: who measures,
 * and who is measured; logs: the index; ci: Jenkins.
 */
export type Network = 'edge' | 'platform' | 'data' | 'events' | 'monitoring' | 'logs' | 'ci';

export type Condition = 'service_healthy' | 'service_completed_successfully';

export interface Common {
  networks: Network[];
  needs?: Record<string, Condition>;
  health?: string[];
  /** Megabytes. */
  memory: number;
  cpus: number;
  variables?: Record<string, string>;
  volumes?: string[];
  /** Names, or a name and where in the container its file stands. */
  secrets?: (string | { source: string; target: string })[];
  ports?: Json[];
  /** Paths of generated files and folders that it reads when it starts. */
  reads?: string[];
  tmpfs?: string[];
  profile?: string;
  /** Runs to its end, once at each `up`. */
  once?: boolean;
  grace?: string;
}

/** A container of an image that others publish. */
export function server(own: Service, common: Common): Service {
  return { '<<': 'every', ...own, ...shared(common) };
}

/** What every container has: fragments of compose.yaml, which `<<` merges by their names. */
export const fragments = {
  'x-every': {
    restart: 'unless-stopped',
    security_opt: ['no-new-privileges:true'],
    logging: { driver: 'local', options: { 'max-size': '10m', 'max-file': '3' } },
  },
  // Time passes before a slow one is called unhealthy: JVMs and Airflow need it on a busy host.
  'x-health': { interval: '10s', timeout: '8s', retries: 6, start_period: '90s' },
};

export function shared(common: Common): Service {
  const {
    networks,
    needs,
    health,
    memory,
    cpus,
    variables,
    volumes,
    secrets,
    ports,
    reads,
    tmpfs,
    profile,
    once,
    grace,
  } = common;
  const dependencies = Object.entries(needs ?? {}).map(([name, condition]) => [name, { condition }]);
  return {
    ...(variables && Object.keys(variables).length > 0 ? { environment: variables } : {}),
    ...(secrets?.length ? { secrets } : {}),
    ...(volumes?.length ? { volumes } : {}),
    ...(tmpfs?.length ? { tmpfs } : {}),
    ...(ports?.length ? { ports } : {}),
    networks,
    ...(dependencies.length > 0 ? { depends_on: Object.fromEntries(dependencies) } : {}),
    ...(health ? { healthcheck: { '<<': 'health', test: ['CMD', ...health] } } : {}),
    ...(reads === undefined ? {} : { labels: { 'mlops.reads': reads } }),
    ...(profile ? { profiles: [profile] } : {}),
    // A one-shot that failed is looked at; starting it over would hide why.
    ...(once ? { restart: 'no' } : {}),
    ...(grace ? { stop_grace_period: grace } : {}),
    deploy: { resources: { limits: { cpus: String(cpus), memory: `${memory}m`, pids: 1024 } } },
  };
}

/** Where what a container reads when it starts differs, `docker compose up` makes it anew. */
export function digest(reads: string[], files: readonly Artifact[]): string {
  const isRead = ({ path }: Artifact) => reads.some((each) => path === each || path.startsWith(`${each}/`));
  const found = files.filter(isRead).sort((a, b) => byText(a.path, b.path));
  const hash = createHash('sha256');
  for (const { path, content } of found) hash.update(`${path}\0${content}\0`);
  return `sha256:${hash.digest('hex').slice(0, 16)}`;
}

/** Loopback: these have no log-in of their own, or one that is not made for the Internet; people come through SSH. */
export const onLoopback = (port: number, target: number): Json => ({
  target,
  published: String(port),
  host_ip: '127.0.0.1',
  protocol: 'tcp',
});
