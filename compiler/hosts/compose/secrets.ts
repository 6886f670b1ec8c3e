/** Where the values of secrets come from; compose.yaml holds names only. */
import type { Environment, Ir } from '../../ir/types.ts';
import type { Json } from '../../render/json.ts';

/** What the platform's own parts tell each other; `npm run secrets` makes those that are missing. */
export const own = {
  postgres: 'mlops_postgres',
  postgresAdmin: 'mlops_postgres_admin',
  redis: 'mlops_redis',
  airflowSession: 'mlops_airflow_session',
  airflowJwt: 'mlops_airflow_jwt',
  airflowJwtRest: 'mlops_airflow_jwt_rest',
  airflowFernet: 'mlops_airflow_fernet',
  grafana: 'mlops_grafana',
  jupyter: 'mlops_jupyter',
  jenkins: 'mlops_jenkins',
} as const;

export const secretFile = (name: string): string => `/run/secrets/${name}`;

/** Filled in by the entrypoint of our image: a variable's text, or (percent-encoded) a part of an address. */
export const secretText = (name: string): string => `\${secret:${name}}`;
export const secretInUrl = (name: string): string => `\${url:${name}}`;

/** The source of a secret on the host, relative to compose.yaml. */
export function secretSource({ secrets }: Environment, name: string): Json {
  if (secrets.provider === 'env') return { environment: `MLOPS_SECRET_${name.toUpperCase()}` };
  return { file: `${secrets.dir.startsWith('/') ? '' : '../../../'}${secrets.dir}/${name}` };
}

/** Names of the secrets that steps reach outside systems with. */
export const connectionSecrets = ({ connections }: Ir): string[] =>
  [...new Set(connections.flatMap(({ secrets }) => Object.values(secrets)))].sort();

/** Where the runtime reads a connection's secret: a file below the root, or a variable. */
export function granted(ir: Ir, { secrets }: Environment, root: string) {
  const names = connectionSecrets(ir);
  if (secrets.provider === 'env')
    return {
      secrets: names,
      variables: Object.fromEntries(names.map((name) => [`MLOPS_SECRET_${name.toUpperCase()}`, secretText(name)])),
    };
  const folder = secrets.dir.startsWith('/') ? secrets.dir : `${root}/${secrets.dir}`;
  return { secrets: names.map((source) => ({ source, target: `${folder}/${source}` })), variables: {} };
}
