import { addressOf, url } from '../../ir/parts.ts';
import type { Environment } from '../../ir/types.ts';
import { healthy, history, type Ours, ours, ROOT, stateOf } from './ours.ts';
import { granted, own, secretInUrl, secretText } from './secrets.ts';
import { onLoopback, type Service, type ServiceModule } from './service.ts';
import { applied } from './setup.ts';

/** Airflow's parts, a container each; the tasks run in the scheduler's. */
export const airflow: ServiceModule = (ir, environment) => {
  const { port } = addressOf(environment, 'airflow');
  const part = (own: Omit<Ours, 'networks'>): Service =>
    ours(ir, environment, {
      ...own,
      networks: ['platform', 'data'],
      airflow: true,
      secrets: [...SECRETS, ...(own.secrets ?? [])],
    });
  const connections = granted(ir, environment, ROOT);
  return {
    'airflow-db': part({
      command: ['airflow', 'db', 'migrate'],
      needs: { state: 'service_completed_successfully', databases: 'service_completed_successfully' },
      memory: 1024,
      cpus: 1,
      once: true,
    }),
    airflow: part({
      command: ['airflow', 'api-server'],
      needs: { 'airflow-db': 'service_completed_successfully' },
      health: healthy(`http://localhost:${port}/api/v2/version`),
      ports: [onLoopback(environment.ports.airflow, port)],
      memory: 1536,
      cpus: 1,
    }),
    'airflow-scheduler': part({
      command: ['airflow', 'scheduler', '--skip-serve-logs'],
      // A DAG that is due starts at once, and its tasks report through the API server.
      needs: { airflow: 'service_healthy', ...applied(ir) },
      health: healthy(`${url(addressOf(environment, 'airflow'))}/api/v2/monitor/health`, 'scheduler.status=healthy'),
      secrets: connections.secrets,
      variables: connections.variables,
      volumes: [history],
      memory: 8192,
      cpus: 4,
      // Tasks that run are given time to end.
      grace: '120s',
    }),
    'airflow-dag-processor': part({
      command: ['airflow', 'dag-processor'],
      needs: { 'airflow-db': 'service_completed_successfully', airflow: 'service_healthy' },
      health: healthy(
        `${url(addressOf(environment, 'airflow'))}/api/v2/monitor/health`,
        'dag_processor.status=healthy',
      ),
      memory: 1024,
      cpus: 1,
    }),
  };
};

const SECRETS = [own.airflowSession, own.airflowJwt, own.airflowJwtRest, own.airflowFernet];

/** A fragment of compose.yaml. */
export const airflowFragment = (environment: Environment) => ({
  'x-airflow': { '<<': 'variables', ...variables(environment) },
});

function variables(environment: Environment): Record<string, string> {
  const address = url(addressOf(environment, 'airflow'));
  const database = addressOf(environment, 'postgres');
  const connection = (driver: string) =>
    `postgresql+${driver}://airflow:${secretInUrl(own.postgres)}@${database.host}:${database.port}/airflow`;
  return {
    AIRFLOW_HOME: `${stateOf(environment)}/airflow`,
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: connection('psycopg2'),
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC: connection('asyncpg'),
    AIRFLOW__CORE__DAGS_FOLDER: `${ROOT}/generated/common/airflow/dags`,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    // The scheduler starts when everything that a task needs is there.
    AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: 'False',
    AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
    AIRFLOW__CORE__PARALLELISM: '8',
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${address}/execution/`,
    // A Fernet key is 32 bytes in base64 with its padding, which secrets have not.
    AIRFLOW__CORE__FERNET_KEY: `${secretText(own.airflowFernet)}=`,
    // Whoever reaches it is on this host, or in a container that has to: the port is on loopback.
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: 'True',
    AIRFLOW__API__PORT: String(addressOf(environment, 'airflow').port),
    AIRFLOW__API__BASE_URL: address,
    AIRFLOW__API__WORKERS: '1',
    AIRFLOW__API__SECRET_KEY: secretText(own.airflowSession),
    // PyJWT warns, at each request, of a key below 64 bytes; a secret has 43.
    AIRFLOW__API_AUTH__JWT_SECRET: `${secretText(own.airflowJwt)}${secretText(own.airflowJwtRest)}`,
    AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES: '1',
    AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: '10',
    AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: '30',
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: 'False',
  };
}
