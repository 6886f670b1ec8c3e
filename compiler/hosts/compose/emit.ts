import type { Environment } from '../../ir/types.ts';
import type { Json } from '../../render/json.ts';
import { yamlWithFragments } from '../../render/yaml.ts';
import type { HostType, Installation } from '../host.ts';
import { type Service, type Services, servicesOf } from './container.ts';
import { contractOf } from './contract.ts';
import { commonOf, every, sharedVariables } from './fragments.ts';
import { addresses, facts, open } from './host.ts';
import { secretSource } from './secrets.ts';
import { setup } from './setup.ts';

/** The whole environment as containers on one host. */
export const compose: HostType = {
  ...facts,
  open: (_, environment) => open(environment),
  workloads: setup,
  addresses,
  startedBy: (environment) => {
    const file = `generated/${environment}/compose/compose.yaml`;
    const commands = `mlops secrets make --env ${environment}, then mlops deploy --env ${environment}`;
    return { file, how: `runs in containers, which a deploy starts: ${commands}` };
  },
  emit: (installation) => {
    const { name, origin } = installation.site.environment;
    return [
      { path: `${name}/compose/compose.yaml`, content: composeFile(installation), origin: origin.file },
      { path: `${name}/compose/containers.json`, content: contractOf(installation), origin: origin.file },
    ];
  },
};

function composeFile(installation: Installation): string {
  const { ir, environment } = installation.site;
  const common = commonOf(installation);
  const services = servicesOf(installation, common['x-ours']);
  const all = { ...services, ours: common['x-ours'] };
  const content = yamlWithFragments(
    literally({
      name: `${ir.platform.name}-${environment.name}`,
      ...every,
      ...common,
      ...sharedVariables(installation),
      services,
      networks: Object.fromEntries(networksOf(all).map((name) => [name, name === 'data' ? { internal: true } : {}])),
      volumes: Object.fromEntries(volumesOf(all).map((name) => [name, {}])),
      secrets: Object.fromEntries(secretsOf(all).map((name) => [name, secretSource(environment, name)])),
    }),
  );
  return `${header(environment)}${content}`;
}

const header = ({ name, origin }: Environment): string => `# Generated from ${origin.file}; do not edit.
#
#   mlops secrets make --env ${name}
#   mlops deploy --env ${name}
#
# The profile \`tools\` adds Jupyter, Kibana and Jenkins, for a person to start.
# Images of others are pinned by tag. The compiler does not know their digests; \`docker compose config
# --resolve-image-digests\` shows them. A deploy names ours by what they are built from.
# What runs is a release, which is mounted read-only. If what a container reads when it starts changes, so does a
# label \`mlops.reads...\`, and a deploy makes it again; no other, and no running task, is ended.
# All ports are on loopback, for people who connect by SSH, except the proxy's, whose APIs others call.
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

const networksOf = (services: Services) => unique(listed(services, 'networks') as string[]);
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
