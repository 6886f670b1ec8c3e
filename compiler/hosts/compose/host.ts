import { containerOf } from '../../ir/container-name.ts';
import type { HostFacts } from '../../ir/inventory.ts';
import { portOf } from '../../ir/look-up.ts';
import type { Environment } from '../../ir/types.ts';
import type { Address, Host } from '../../tools/host.ts';
import { LOGS, type Workload } from '../../tools/workload.ts';
import { nameOfSecret, OWN_SECRETS, secretFile, secretInUrl, secretText } from './secrets.ts';

export const facts: HostFacts = {
  name: 'compose',
  description: 'containers on one host',
  form: 'container',
  ownNetwork: true,
  onLoopback: false,
  metricsRetention: '30d',
  ownSecrets: OWN_SECRETS,
  volumes: ['state', LOGS.volume],
  containers: ({ hasLocks }) => ['state', ...(hasLocks ? ['environments'] : [])],
};

/** Where a container of ours finds the checkout. */
export const ROOT = '/opt/mlops';

/** Every container of ours answers on this port; the host's port is the environment's business. */
const CONTAINER_PORT = 8000;

/** Containers have their own names and the tool's own port; `localhost` would be the caller's own container. */
export function open(environment: Environment): Host {
  const { name } = environment;
  return {
    facts,
    startsPaused: false,
    hasReleases: true,
    // Docker's own: it knows a container by its name, wherever it was started again.
    nameServer: '127.0.0.11',
    root: ROOT,
    state: (path) => `${ROOT}/.mlops/${name}/${path}`,
    runtimeCommand: (...words) => ['python', '-m', 'mlops_runtime', ...words],
    bin: (program) => program,
    address: (part) => ({ host: containerOf(part), port: portOf(environment.listens, part) }),
    listen: (port) => ({
      host: '0.0.0.0',
      port: typeof port === 'number' ? CONTAINER_PORT : portOf(environment.listens, port),
    }),
    secret: (secret) => secretText(nameOfSecret(secret)),
    secretInUrl: (secret) => secretInUrl(nameOfSecret(secret)),
    secretFile: (secret) => secretFile(nameOfSecret(secret)),
    providedSecretFile: secretFile,
  };
}

/** Where it listens in its container; null where it does not. */
function portInside({ port }: Workload, environment: Environment): number | null {
  if (port === undefined) return null;
  if ('inside' in port) return port.inside;
  return 'part' in port ? portOf(environment.listens, port.part) : CONTAINER_PORT;
}

/** Its containers: one, or one per replica. */
export const containersOf = ({ name, container }: Workload): string[] =>
  container?.replicas === undefined
    ? [containerOf(name)]
    : Array.from({ length: container.replicas }, (_, index) => containerOf(`${name}-${index + 1}`));

export function addresses(workload: Workload, environment: Environment): Address[] {
  const port = portInside(workload, environment);
  return port === null ? [] : containersOf(workload).map((host) => ({ host, port }));
}
