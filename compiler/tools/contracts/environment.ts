import { hasServers } from '../../ir/look-up.ts';
import type { Model } from '../../ir/types.ts';
import type { Json } from '../../render/json.ts';
import { type Site, url } from '../host.ts';

/** Where everything is in an environment. */
export function environmentJson(site: Site): Json {
  const { ir, environment, host } = site;
  const { name, stores, secrets } = environment;
  const state = `.mlops/${name}`;
  return {
    environment: name,
    project: ir.platform.name,
    stores,
    state,
    warehouse: `${state}/warehouse`,
    feast_repository: `generated/${name}/feast`,
    aliases: Object.fromEntries(ir.models.map((model) => [model.name, servedAlias(model, name)])),
    mlflow: { tracking_uri: url(host.address('mlflow')) },
    airflow: { url: url(host.address('airflow')) },
    ...serversOf(site),
    secrets: { ...secrets },
    connections: Object.fromEntries(ir.connections.map(({ name, settings, secrets }) => [name, { settings, secrets }])),
  };
}

function servedAlias({ name, aliases }: Model, environment: string): string {
  const found = aliases.find((each) => each.environment === environment);
  if (!found) throw new Error(`${name} has no alias in ${environment}`);
  return found.alias;
}

/** Passwords come through environment variables: the supervisor and the containers' entrypoint set them. */
function serversOf({ environment, host }: Site) {
  if (!hasServers(environment)) return { postgres: null, redis: null, kafka: null, monitor: null, elasticsearch: null };
  const kafka = host.address('kafka');
  return {
    postgres: {
      ...host.address('postgres'),
      database: 'feast',
      user: 'feast',
      password_variable: 'MLOPS_POSTGRES_PASSWORD',
    },
    redis: {
      ...host.address('redis'),
      password_variable: 'MLOPS_REDIS_PASSWORD',
      key_ttl_seconds: environment.onlineTtlSeconds,
    },
    kafka: { bootstrap_servers: `${kafka.host}:${kafka.port}` },
    elasticsearch: { ...host.address('elasticsearch') },
    monitor: { ...host.listen('monitor'), backup_within_seconds: environment.backupWithinSeconds },
  };
}
