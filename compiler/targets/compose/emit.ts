import type { Environment, Ir } from '../../ir/types.ts';
import type { Json } from '../../render/json.ts';
import { yaml } from '../../render/yaml.ts';
import type { Artifact, Target } from '../target.ts';
import { ours } from './ours.ts';
import { proxy, proxyConfiguration } from './proxy.ts';
import type { Service, Services } from './service.ts';
import { stores } from './stores.ts';
import { tools } from './tools.ts';
import { elk, watch } from './watch.ts';

/** The whole platform as containers on one host: one file an environment, and the proxy's configuration. */
export const compose: Target = {
  name: 'compose',
  emitCommon: () => [],
  emitEnvironment: (ir, environment) => (environment.runtime === 'compose' ? files(ir, environment) : []),
};

function files(ir: Ir, environment: Environment): Artifact[] {
  const { name, origin } = environment;
  const header = `# Generated from ${origin.file}; do not edit.\n`;
  const written = [{ path: `${name}/compose/compose.yaml`, content: header + yaml(composeFile(ir, environment)), origin: origin.file }];
  if (environment.services.length > 0)
    written.push({ path: `${name}/compose/proxy.conf`, content: proxyConfiguration(environment), origin: origin.file });
  return written;
}

function composeFile(ir: Ir, environment: Environment): Json {
  const services: Services = {
    ...proxy(environment),
    ...stores(environment),
    ...ours(ir, environment),
    ...watch(environment),
    ...elk(environment),
    ...tools(ir, environment),
  };
  const used = (key: string) => [...new Set(Object.values(services).flatMap((each) => named(each, key)))].sort();
  return {
    name: `${ir.platform.name.replaceAll('_', '-')}-${environment.name}`,
    services,
    networks: {
      edge: {},
      // Stores have no way out.
      data: { internal: true },
      watch: {},
    },
    volumes: Object.fromEntries(used('volumes').map((volume) => [volume, {}])),
    secrets: Object.fromEntries(used('secrets').map((secret) => [secret, sourceOf(secret, environment)])),
  };
}

/** Of a service's volumes those with a name, and all of its secrets. */
function named(each: Service, key: string): string[] {
  const entries = (each[key] as string[] | undefined) ?? [];
  return entries.map((entry) => entry.split(':')[0] ?? '').filter((entry) => /^[a-z]/.test(entry));
}

function sourceOf(secret: string, { secrets }: Environment): Json {
  if (secrets.provider === 'file')
    return { file: secrets.dir.startsWith('/') ? `${secrets.dir}/${secret}` : `../../../${secrets.dir}/${secret}` };
  return { environment: `MLOPS_SECRET_${secret.toUpperCase().replaceAll('-', '_')}` };
}
