/** A host that there is not, as a folder of its own would have it: containers that systemd starts, a file for each. */
import type { HostType } from '../../hosts/host.ts';
import type { HostFacts } from '../../ir/inventory.ts';
import { portOf } from '../../ir/look-up.ts';
import type { Environment } from '../../ir/types.ts';
import type { Host } from '../../tools/host.ts';
import type { Workload } from '../../tools/workload.ts';

const facts: HostFacts = {
  name: 'quadlet',
  description: 'containers that systemd starts',
  form: 'container',
  ownNetwork: true,
  onLoopback: false,
  metricsRetention: '45d',
};

const open = ({ listens }: Environment): Host => ({
  facts,
  startsPaused: false,
  hasReleases: false,
  nameServer: '10.0.0.53',
  root: '/srv/mlops',
  state: (path) => `/srv/state/${path}`,
  runtimeCommand: (...words) => ['mlops', ...words],
  bin: (program) => `/srv/bin/${program}`,
  address: (part) => ({ host: `${part}.pod`, port: portOf(listens, part) }),
  listen: (port) => ({ host: '::', port: typeof port === 'number' ? port : portOf(listens, port) }),
  secret: (name) => `\${SECRET_${name}}`,
  secretInUrl: (name) => `\${SECRET_${name}}`,
  secretFile: (name) => `/srv/secrets/${name}`,
  providedSecretFile: (name) => `/srv/provided/${name}`,
});

function addresses({ name, port }: Workload, { listens }: Environment) {
  if (port === undefined) return [];
  const inside = 'part' in port ? portOf(listens, port.part) : 'inside' in port ? port.inside : port.number;
  return [{ host: `${name}.pod`, port: inside }];
}

export const quadlet: HostType = {
  ...facts,
  open: (_, environment) => open(environment),
  addresses,
  emit: ({ site: { environment }, running }) =>
    running.map(({ workload: { name, container } }) => ({
      path: `${environment.name}/quadlet/${name}.container`,
      content: `[Container]\nExec=${(container?.command ?? []).join(' ')}\n`,
      origin: environment.origin.file,
    })),
};
