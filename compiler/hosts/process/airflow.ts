import { hasServers } from '../../ir/parts.ts';
import type { Environment } from '../../ir/types.ts';
import { bin, root, secret, state } from './placeholders.ts';
import { databaseUrl } from './postgres.ts';

const address = ({ host, ports }: Environment): string => `http://${host}:${ports.airflow}`;

export const airflowSetup = (environment: Environment) => ({
  name: 'airflow-db',
  command: [`${bin}/airflow`, 'db', 'migrate'],
  env: {},
  needs: hasServers(environment) ? ['databases'] : [],
});

/** Airflow's parts one by one: `airflow standalone` also starts log servers, on all interfaces. */
export function airflowProcesses(environment: Environment) {
  const { name, ports, origin } = environment;
  const apiServer = {
    ...airflowProcess('api-server', ['api-server'], ['airflow-db']),
    port: ports.airflow,
    port_field: `environments.${name}.ports.airflow in ${origin.file}`,
    address: address(environment),
    health: `${address(environment)}/api/v2/version`,
  };
  return [
    apiServer,
    // What is due starts at once: it reports through the API server, and reads what is registered.
    airflowProcess('scheduler', ['scheduler', '--skip-serve-logs'], ['airflow-api-server', 'apply']),
    airflowProcess('dag-processor', ['dag-processor'], ['airflow-db']),
  ];
}

function airflowProcess(part: string, command: string[], needs: string[]) {
  return {
    name: `airflow-${part}`,
    command: [`${bin}/airflow`, ...command],
    env: {},
    lock: null,
    port: null,
    address: null,
    health: null,
    needs,
  };
}

export function airflowVariables(environment: Environment): Record<string, string> {
  const { host, ports } = environment;
  return {
    AIRFLOW_HOME: `${state}/airflow`,
    ...database(environment),
    ...core(environment),
    AIRFLOW__API__HOST: host,
    AIRFLOW__API__PORT: String(ports.airflow),
    AIRFLOW__API__BASE_URL: address(environment),
    AIRFLOW__API__WORKERS: '1',
    // Sessions and task tokens: one secret, which all parts share.
    AIRFLOW__API__SECRET_KEY: secret('airflow-session'),
    // PyJWT warns, at each request, of a key below 64 bytes; a secret has 43.
    AIRFLOW__API_AUTH__JWT_SECRET: `${secret('airflow-jwt')}${secret('airflow-jwt-rest')}`,
    AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES: '1',
    AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: '10',
    AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: '30',
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: 'False',
  };
}

function database(environment: Environment): Record<string, string> {
  return hasServers(environment)
    ? {
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: databaseUrl(environment, 'airflow', 'psycopg2'),
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC: databaseUrl(environment, 'airflow', 'asyncpg'),
      }
    : { AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${state}/airflow/airflow.db` };
}

function core(environment: Environment): Record<string, string> {
  return {
    AIRFLOW__CORE__DAGS_FOLDER: `${root}/generated/common/airflow/dags`,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    // Unpausing a DAG starts the run that is due, at once: `mlops up` does it when everything is healthy.
    AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: 'True',
    AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
    // Each running task is a process of about 300 MB beside the team's own; and SQLite has one writer.
    AIRFLOW__CORE__PARALLELISM: hasServers(environment) ? '6' : '3',
    // Follows the port only if told.
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${address(environment)}/execution/`,
    // A Fernet key is 32 bytes in base64 with its padding, which secrets have not.
    AIRFLOW__CORE__FERNET_KEY: `${secret('airflow-fernet')}=`,
    // Loopback only: whoever reaches the port is the machine's user.
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: 'True',
  };
}
