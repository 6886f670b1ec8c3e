import type { Environment, Ir } from '../../ir/types.ts';
import type { Json } from '../../render/json.ts';

/** Where everything is in an environment. */
export function environmentJson(ir: Ir, environment: Environment): Json {
  const { name, stores, host, ports, secrets } = environment;
  const state = `.mlops/${name}`;
  return {
    environment: name,
    stores,
    state,
    warehouse: `${state}/warehouse`,
    feast_repository: `generated/${name}/feast`,
    mlflow: { tracking_uri: `http://${host}:${ports.mlflow}` },
    airflow: { url: `http://${host}:${ports.airflow}` },
    secrets: { ...secrets },
    connections: Object.fromEntries(ir.connections.map(({ name, settings, secrets }) => [name, { settings, secrets }])),
  };
}
