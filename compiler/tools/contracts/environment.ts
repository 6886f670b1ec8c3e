import { addressOf, hasServers, url } from '../../ir/parts.ts';
import type { Environment, Ir, Model } from '../../ir/types.ts';
import type { Json } from '../../render/json.ts';

/** Where everything is in an environment. */
export function environmentJson(ir: Ir, environment: Environment): Json {
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
    mlflow: { tracking_uri: url(addressOf(environment, 'mlflow')) },
    airflow: { url: url(addressOf(environment, 'airflow')) },
    ...serversOf(environment),
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
function serversOf(environment: Environment) {
  if (!hasServers(environment)) return { postgres: null, redis: null, kafka: null, monitor: null, elasticsearch: null };
  const kafka = addressOf(environment, 'kafka');
  return {
    postgres: {
      ...addressOf(environment, 'postgres'),
      database: 'feast',
      user: 'feast',
      password_variable: 'MLOPS_POSTGRES_PASSWORD',
    },
    redis: {
      ...addressOf(environment, 'redis'),
      password_variable: 'MLOPS_REDIS_PASSWORD',
      key_ttl_seconds: environment.onlineTtlSeconds,
    },
    kafka: { bootstrap_servers: `${kafka.host}:${kafka.port}` },
    elasticsearch: { ...addressOf(environment, 'elasticsearch') },
    monitor: {
      host: environment.runtime === 'compose' ? '0.0.0.0' : environment.host,
      port: addressOf(environment, 'monitor').port,
    },
  };
}
