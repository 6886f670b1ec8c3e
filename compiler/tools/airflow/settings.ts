import { hasServers } from '../../ir/look-up.ts';
import { databaseUrl } from '../database.ts';
import { type Host, type Site, url } from '../host.ts';
import type { Database, SharedVariables } from '../workload.ts';
import { users } from './accounts.ts';

/** All parts of Airflow have the same settings, and the tasks that they run. */
export const settings = (site: Site): SharedVariables => ({
  name: 'airflow',
  variables: {
    AIRFLOW_HOME: site.host.state('airflow'),
    // airflow.cfg, which Airflow writes once, has the places in which the folder lay then.
    AIRFLOW__CORE__PLUGINS_FOLDER: site.host.state('airflow/plugins'),
    AIRFLOW__LOGGING__BASE_LOG_FOLDER: site.host.state('airflow/logs'),
    AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY: site.host.state('airflow/logs/dag_processor'),
    ...database(site),
    ...core(site),
    ...(site.host.hasReleases ? releases : {}),
    ...api(site),
    AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES: '1',
    AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: '10',
    AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: '30',
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: 'False',
  },
  secrets: ['airflow-session', 'airflow-jwt', 'airflow-jwt-rest', 'airflow-fernet'],
});

function database({ environment, host }: Site): Record<string, string> {
  return hasServers(environment)
    ? {
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: databaseUrl(host, 'airflow', 'psycopg2'),
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC: databaseUrl(host, 'airflow', 'asyncpg'),
      }
    : { AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${embeddedDatabase(host).file}` };
}

/** A run finishes on the release that it began on; the name is that of Airflow's own bundle, whose runs go on. */
const releases = {
  AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST: JSON.stringify([
    { name: 'dags-folder', classpath: 'mlops_runtime.environment.bundle.ReleaseBundle', kwargs: {} },
  ]),
};

export const embeddedDatabase = (host: Host): Database => ({
  file: host.state('airflow/airflow.db'),
  holds: 'the history of all pipeline runs',
  recovery: 'Airflow begins a new history; tables, features and models stay',
});

/**
 * Tasks at a time. Each is a process of about 300 MB beside the team's own, and has less beside a person's other
 * programs than in a container of eight gigabytes; and SQLite has one writer.
 */
const PARALLELISM = { embedded: '3', machine: '6', container: '8' };

function core({ environment, host }: Site): Record<string, string> {
  const size = hasServers(environment) ? (host.facts.ownNetwork ? 'container' : 'machine') : 'embedded';
  return {
    AIRFLOW__CORE__DAGS_FOLDER: `${host.root}/generated/common/airflow/dags`,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    // Unpausing a DAG starts the run that is due, at once: where somebody does so, it is when everything is healthy.
    AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: host.startsPaused ? 'True' : 'False',
    AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
    AIRFLOW__CORE__PARALLELISM: PARALLELISM[size],
    // Follows the port only if told.
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${url(host.address('airflow'))}/execution/`,
    // A Fernet key is 32 bytes in base64 with its padding, which secrets have not.
    AIRFLOW__CORE__FERNET_KEY: `${host.secret('airflow-fernet')}=`,
    // Its file of passwords is filled at each start from the secrets of the API server.
    AIRFLOW__CORE__AUTH_MANAGER: 'mlops_runtime.environment.logins.Accounts',
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS: users,
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE: host.state('airflow/passwords.json'),
  };
}

function api({ host }: Site): Record<string, string> {
  const { host: interfaces, port } = host.listen('airflow');
  return {
    // In a network of its own it listens on every interface, as it does by itself.
    ...(host.facts.ownNetwork ? {} : { AIRFLOW__API__HOST: interfaces }),
    AIRFLOW__API__PORT: String(port),
    AIRFLOW__API__BASE_URL: url(host.address('airflow')),
    AIRFLOW__API__WORKERS: '1',
    // Sessions and task tokens: one secret, which all parts share.
    AIRFLOW__API__SECRET_KEY: host.secret('airflow-session'),
    // PyJWT warns, at each request, of a key below 64 bytes; a secret has 43.
    AIRFLOW__API_AUTH__JWT_SECRET: `${host.secret('airflow-jwt')}${host.secret('airflow-jwt-rest')}`,
  };
}
