import { join } from 'node:path/posix';
import type { HostFacts } from '../../ir/inventory.ts';
import { portOf } from '../../ir/look-up.ts';
import type { Environment } from '../../ir/types.ts';
import type { Address, Host } from '../../tools/host.ts';
import type { Workload } from '../../tools/workload.ts';

/** What only the machine knows, and the supervisor fills in: `${root}` and so on, see docs/contracts.md. */
const placeholder = (name: string): string => `\${${name}}`;

export const root = placeholder('root');
export const state = placeholder('state');
export const python = placeholder('python');
export const runtime = placeholder('runtime');
/** Random, 43 characters of base64url, made once for each state folder: an address needs no encoding of it. */
export const secret = (name: string): string => placeholder(`secret:${name}`);

export const facts: HostFacts = {
  name: 'process',
  description: 'supervised processes on one machine',
  form: 'program',
  ownNetwork: false,
  onLoopback: true,
  metricsRetention: '15d',
};

/** Processes of one machine share its loopback; people switch schedules on by `mlops up`. */
export function open(environment: Environment): Host {
  const at = (port: string | number): Address => ({
    host: environment.host,
    port: typeof port === 'number' ? port : portOf(environment.ports, port),
  });
  return {
    facts,
    startsPaused: true,
    hasReleases: true,
    nameServer: null,
    root,
    state: (path) => join(state, path),
    runtimeCommand: (...words) => [python, '-m', 'mlops_runtime', ...words],
    bin: (program) => join(placeholder('bin'), program),
    address: at,
    listen: at,
    secret,
    secretInUrl: secret,
    secretFile: (name) => join(state, 'secrets', name),
    providedSecretFile: (name) => providedFile(environment, name),
  };
}

/** Relative to a file of `generated/<environment>/<tool>/`. */
function providedFile({ secrets }: Environment, name: string): string {
  if (secrets.provider !== 'file') throw new Error(`the secret ${name} is in no file`);
  return `${secrets.dir.startsWith('/') ? '' : '../../../'}${secrets.dir}/${name}`;
}

export function addresses({ port }: Workload, environment: Environment): Address[] {
  if (port === undefined || 'inside' in port) return [];
  return [{ host: environment.host, port: 'part' in port ? portOf(environment.ports, port.part) : port.number }];
}
