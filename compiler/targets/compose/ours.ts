import { addressOf, CONTAINER_PORT, containerOf, url } from '../../ir/parts.ts';
import type { Environment, Ir } from '../../ir/types.ts';
import { platformImage } from './images.ts';
import { DONE, HEALTHY, health, onLoopback, type Service, type Services, service } from './service.ts';

const ROOT = '/opt/mlops';
/** Filled in by the image's entrypoint, from `/run/secrets`; a dollar sign is doubled, or compose would take it for its own. */
const secret = (name: string): string => `$$\{secret:${name}}`;

/** Everything that runs our own code: Airflow and MLflow with the platform's packages, the APIs, the consumers, the monitor. */
export function ours(ir: Ir, environment: Environment): Services {
  const common = commonOf(ir, environment);
  const run = (memory: string, rest: Service) =>
    service(platformImage(ir.platform.name), { memory, networks: ['data', 'watch'] }, { ...common, ...rest });
  const once = (command: string[], needs: Service): Service => run('1g', { command, restart: 'on-failure:3', depends_on: needs });
  const module = (...words: string[]) => ['python', '-m', 'mlops_runtime', ...words];
  const streams = environment.consumers.length > 0;
  return {
    databases: {
      ...once(module('databases', 'feast', 'mlflow', 'airflow'), { postgres: HEALTHY }),
      environment: { ...common.environment, MLOPS_POSTGRES_ADMIN_PASSWORD: secret('postgres_admin') },
      secrets: [...common.secrets, 'postgres_admin'],
    },
    'airflow-db': once(['airflow', 'db', 'migrate'], { databases: DONE }),
    apply: once(module('apply'), { mlflow: HEALTHY, databases: DONE, redis: HEALTHY }),
    ...(streams ? { topics: once(module('topics'), { kafka: HEALTHY }) } : {}),
    'log-index': once(module('logs'), { elasticsearch: HEALTHY }),
    mlflow: run('2g', {
      command: [
        ...['mlflow', 'server', '--host', '0.0.0.0', '--port', '5000', '--workers', '2', '--serve-artifacts'],
        ...['--artifacts-destination', `${ROOT}/.mlops/${environment.name}/mlflow/artifacts`],
        // Who asks by another name is refused.
        ...['--allowed-hosts', `mlflow:5000,127.0.0.1:${environment.ports.mlflow}`],
      ],
      environment: {
        ...common.environment,
        MLFLOW_BACKEND_STORE_URI: database('mlflow', 'psycopg2'),
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      },
      ports: [onLoopback(environment.ports.mlflow, 5000)],
      healthcheck: health(['healthy', 'http://mlflow:5000/health'], 60),
      depends_on: { databases: DONE },
    }),
    ...airflow(run, environment),
    ...apis(run, environment),
    ...consumersOf(run, environment, module),
    monitor: run('1g', {
      command: module('monitor'),
      healthcheck: health(['healthy', 'http://monitor:9400/livez'], 60),
      depends_on: { databases: DONE, mlflow: HEALTHY },
    }),
  };
}

type Run = (memory: string, rest: Service) => Service;

function airflow(run: Run, { ports }: Environment): Services {
  const part = (command: string[], memory: string, rest: Service = {}) =>
    run(memory, { command: ['airflow', ...command], depends_on: { 'airflow-db': DONE }, ...rest });
  return {
    airflow: part(['api-server', '--host', '0.0.0.0', '--port', '8080'], '2g', {
      ports: [onLoopback(ports.airflow, 8080)],
      healthcheck: health(['healthy', 'http://airflow:8080/api/v2/version'], 60),
    }),
    // Runs the tasks, too: training and joins take their memory here.
    'airflow-scheduler': part(['scheduler', '--skip-serve-logs'], '8g', {
      depends_on: { airflow: HEALTHY, apply: DONE },
      healthcheck: health(['airflow', 'jobs', 'check', '--job-type', 'SchedulerJob', '--local'], 60),
    }),
    'airflow-dag-processor': part(['dag-processor'], '1g', {
      healthcheck: health(['airflow', 'jobs', 'check', '--job-type', 'DagProcessorJob', '--local'], 60),
    }),
  };
}

/** As many containers a model as it states; the proxy spreads requests over them. */
function apis(run: Run, { services }: Environment): Services {
  return Object.fromEntries(
    services.map(({ model, replicas }) => [
      containerOf(`serving_${model}`),
      run('1g', {
        command: ['python', '-m', 'mlops_runtime', 'serve', model],
        // Longer than the drain, so that nobody is cut off.
        stop_grace_period: '20s',
        deploy: { replicas },
        healthcheck: health(['healthy', `http://127.0.0.1:${CONTAINER_PORT}/livez`], 60),
        depends_on: { apply: DONE, redis: HEALTHY },
      }),
    ]),
  );
}

function consumersOf(run: Run, { consumers }: Environment, module: (...words: string[]) => string[]): Services {
  return Object.fromEntries(
    consumers.map(({ view }) => [
      containerOf(`stream_${view}`),
      run('512m', {
        command: module('stream', view),
        stop_grace_period: '40s',
        healthcheck: health(['healthy', `http://127.0.0.1:${CONTAINER_PORT}/livez`], 60),
        depends_on: { apply: DONE, topics: DONE, redis: HEALTHY },
      }),
    ]),
  );
}

const database = (name: string, driver: string): string => `postgresql+${driver}://${name}:${secret('postgres')}@postgres:5432/${name}`;

function commonOf(ir: Ir, environment: Environment) {
  const { name } = environment;
  const airflowUrl = url(addressOf(environment, 'airflow'));
  const state = `${ROOT}/.mlops/${name}`;
  const stated = [...new Set(ir.connections.flatMap(({ secrets }) => Object.values(secrets)))].sort();
  return {
    init: true,
    build: { context: '../../..', dockerfile: 'runtime/images/platform/Dockerfile' },
    environment: {
      MLOPS_ROOT: ROOT,
      MLOPS_ENV: name,
      MLOPS_LOG_FOLDER: '/var/log/mlops',
      MLOPS_POSTGRES_PASSWORD: secret('postgres'),
      MLOPS_REDIS_PASSWORD: secret('redis'),
      MLFLOW_TRACKING_URI: url(addressOf(environment, 'mlflow')),
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: '2',
      MLFLOW_DISABLE_TELEMETRY: 'true',
      AIRFLOW_HOME: `${state}/airflow`,
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: database('airflow', 'psycopg2'),
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC: database('airflow', 'asyncpg'),
      AIRFLOW__CORE__DAGS_FOLDER: `${ROOT}/generated/common/airflow/dags`,
      AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
      AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
      AIRFLOW__CORE__PARALLELISM: '8',
      AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${airflowUrl}/execution/`,
      AIRFLOW__CORE__FERNET_KEY: secret('airflow_fernet'),
      // Only loopback of the host and the platform's own networks reach it.
      AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: 'True',
      AIRFLOW__API__BASE_URL: airflowUrl,
      AIRFLOW__API__SECRET_KEY: secret('airflow_session'),
      AIRFLOW__API_AUTH__JWT_SECRET: secret('airflow_jwt'),
      AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: 'False',
    },
    secrets: [...new Set(['postgres', 'redis', 'airflow_fernet', 'airflow_session', 'airflow_jwt', ...stated])],
    volumes: [`state:${state}`, 'logs:/var/log/mlops'],
  };
}
