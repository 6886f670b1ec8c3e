import { addressOf } from '../../ir/parts.ts';
import type { Environment } from '../../ir/types.ts';
import { python, secret, state, tool } from './placeholders.ts';
import type { ServerModule } from './server.ts';

/** Roles of the platform, each with a database of its name; all have the password that tasks are given. */
const DATABASES = ['mlflow', 'airflow', 'feast'];

const data = `${state}/postgres/data`;
/** Of the cluster's superuser: only the two steps below are given it. */
const administrator = { MLOPS_POSTGRES_ADMIN_PASSWORD: secret('postgres-admin') };

/** PostgreSQL: Feast's registry and offline store, MLflow's and Airflow's metadata. */
export const postgres: ServerModule = (_ir, environment) => ({
  setup: [
    {
      name: 'postgres-cluster',
      command: [python, '-m', 'mlops_runtime', 'cluster', tool('initdb'), data],
      env: administrator,
      needs: [],
    },
    {
      name: 'databases',
      command: [python, '-m', 'mlops_runtime', 'databases', ...DATABASES],
      env: administrator,
      needs: ['postgres'],
    },
  ],
  processes: [server(environment)],
  variables: { MLOPS_POSTGRES_PASSWORD: secret('postgres') },
});

function server(environment: Environment) {
  const { host, port } = addressOf(environment, 'postgres');
  const options = Object.entries(settings(host, port)).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return {
    name: 'postgres',
    // PostgreSQL refuses to run as root.
    command: [python, '-m', 'mlops_runtime', 'unprivileged', tool('postgres'), '-D', data, ...options],
    env: {},
    lock: null,
    port,
    port_field: `environments.${environment.name}.ports.postgres in ${environment.origin.file}`,
    address: null,
    health: `tcp://${host}:${port}`,
    needs: ['postgres-cluster'],
  };
}

function settings(host: string, port: number): Record<string, string> {
  return {
    listen_addresses: host,
    port: String(port),
    // A socket in /tmp would be shared with every other cluster of the machine that has this port.
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    // Airflow alone keeps some sixty connections with these parts; Feast and MLflow pool theirs.
    max_connections: '200',
    shared_buffers: '256MB',
    // Point-in-time joins sort; with the default each of them would go through files.
    work_mem: '64MB',
    // Snapshots of tables come by COPY, tens of megabytes at once.
    max_wal_size: '2GB',
    // Compiling the plans of many short queries costs more than it saves.
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
}

/**
 * The address of one database, for SQLAlchemy. The driver is spelled: a bare `postgresql://` means another one in
 * SQLAlchemy 2.1.
 */
export function databaseUrl(environment: Environment, name: string, driver: string): string {
  const { host, port } = addressOf(environment, 'postgres');
  return `postgresql+${driver}://${name}:${secret('postgres')}@${host}:${port}/${name}`;
}
