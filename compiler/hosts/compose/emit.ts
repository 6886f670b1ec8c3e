import type { Environment, Ir } from '../../ir/types.ts';
import type { Json } from '../../render/json.ts';
import { yamlWithFragments } from '../../render/yaml.ts';
import type { Artifact } from '../../tools/tool.ts';
import type { HostType } from '../host.ts';
import { airflow, airflowFragment } from './airflow.ts';
import { logs } from './logs.ts';
import { mlflow } from './mlflow.ts';
import { monitoring } from './monitoring.ts';
import { fragment } from './ours.ts';
import { proxy, proxyConfiguration } from './proxy.ts';
import { secretSource } from './secrets.ts';
import { digest, fragments, type Network, type Service, type ServiceModule, type Services } from './service.ts';
import { serving } from './serving.ts';
import { setup } from './setup.ts';
import { stores } from './stores.ts';
import { team } from './team.ts';
import { workbench } from './workbench.ts';

/** The whole environment as containers on one host. */
export const compose: HostType = { name: 'compose', emit: artifacts };

/** One line a group of containers. */
const modules: readonly ServiceModule[] = [
  stores,
  setup,
  mlflow,
  airflow,
  serving,
  proxy,
  monitoring,
  logs,
  workbench,
  team,
];

function artifacts(ir: Ir, environment: Environment, files: readonly Artifact[]): Artifact[] {
  const file = (name: string, content: string): Artifact => ({
    path: `${environment.name}/${name}`,
    content,
    origin: environment.origin.file,
  });
  const proxies = environment.services.length > 0 ? [file('proxy/nginx.conf', proxyConfiguration(environment))] : [];
  return [...proxies, file('compose/compose.yaml', composeFile(ir, environment, [...files, ...proxies]))];
}

/** What others need first; the rest as its modules stand. */
const FIRST = [
  ...['state', 'environments', 'postgres', 'databases', 'redis', 'kafka', 'topics', 'mlflow'],
  ...['airflow-db', 'airflow', 'airflow-scheduler', 'airflow-dag-processor', 'apply'],
];

const inOrder = (services: Services): Services =>
  Object.fromEntries(
    [...FIRST, ...Object.keys(services)].flatMap((name) => (services[name] ? [[name, services[name]] as const] : [])),
  );

function composeFile(ir: Ir, environment: Environment, files: readonly Artifact[]): string {
  const services = inOrder(Object.fromEntries(modules.flatMap((module) => Object.entries(module(ir, environment)))));
  const shared = { ...fragments, ...fragment(ir, environment), ...airflowFragment(environment) };
  const all = { ...services, ours: shared['x-ours'] };
  const content = yamlWithFragments(
    literally({
      name: `${ir.platform.name}-${environment.name}`,
      ...shared,
      services: Object.fromEntries(
        Object.entries(services).map(([name, service]) => {
          const labels = service['labels'] as { 'mlops.reads': string[] } | undefined;
          return [
            name,
            labels ? { ...service, labels: { 'mlops.reads': digest(labels['mlops.reads'], files) } } : service,
          ];
        }),
      ),
      networks: Object.fromEntries(networksOf(all).map((name) => [name, name === 'data' ? { internal: true } : {}])),
      volumes: Object.fromEntries(volumesOf(all).map((name) => [name, {}])),
      secrets: Object.fromEntries(secretsOf(all).map((name) => [name, secretSource(environment, name)])),
    }),
  );
  return `${header(environment)}${content}`;
}

const header = ({ name, origin }: Environment): string => `# Generated from ${origin.file}; do not edit.
#
#   docker compose -f generated/${name}/compose/compose.yaml build
#   docker compose -f generated/${name}/compose/compose.yaml up --detach
#   docker compose -f generated/${name}/compose/compose.yaml --profile tools up --detach      (Jupyter, Kibana, Jenkins too)
#
# Images are pinned by tag. Their digests are not known to the compiler: \`docker compose config --resolve-image-digests\` shows them.
# The checkout that this file stands in is mounted read-only, so pulling a commit deploys DAGs, pipelines and models without ending
# a running task. A container whose own files differ has another label \`mlops.reads\`, so \`up\` makes it anew. Compile in another
# checkout and pull: the compiler puts a new folder in the place of generated/, which a running container would not see.
# All ports are on loopback, for people who come through SSH, but the proxy's: its APIs are what others call.
`;

/**
 * Compose fills in \`$NAME\`; what comes from specs, and what a shell or our entrypoint fills in, must reach the
 * container as it is.
 */
function literally<T extends Json>(value: T): T;
function literally(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(literally);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, literally(inner)]));
}

// What is declared at the top is what the services use: no more, no less.
const unique = (names: string[]): string[] => [...new Set(names)].sort();
const listed = (services: Services, key: string): Json[] =>
  Object.values(services).flatMap((service: Service) => (service[key] ?? []) as Json[]);

const networksOf = (services: Services) => unique(listed(services, 'networks') as Network[]);
const volumesOf = (services: Services): string[] =>
  unique(
    (listed(services, 'volumes') as string[])
      .map((mount) => mount.split(':')[0] as string)
      .filter((source) => !/^[./]/.test(source)),
  );
const secretsOf = (services: Services): string[] =>
  unique(
    (listed(services, 'secrets') as (string | { source: string })[]).map((secret) =>
      typeof secret === 'string' ? secret : secret.source,
    ),
  );
