import type { Host, Site } from '../host.ts';
import { IMAGES } from '../images.ts';
import { program } from '../program.ts';
import { ours, type Workload } from '../workload.ts';

const SETTINGS = {
  // Airflow alone keeps some sixty connections with these parts; Feast and MLflow pool theirs.
  max_connections: '200',
  shared_buffers: '512MB',
  // Point-in-time joins sort; with the default each of them would go through files.
  work_mem: '64MB',
  // Snapshots of tables come by COPY, tens of megabytes at once.
  max_wal_size: '2GB',
  // Compiling the plans of many short queries costs more than it saves.
  jit: 'off',
  timezone: 'UTC',
};

/** Beside a person's other programs it takes less memory than in a container of its own. */
const onAMachine = (host: Host) => ({
  listen_addresses: host.listen('postgres').host,
  port: String(host.listen('postgres').port),
  // A socket in /tmp would be shared with every other cluster of the machine that has this port.
  unix_socket_directories: '',
  // What the image does by itself, by POSTGRES_INITDB_ARGS and its own configuration.
  password_encryption: 'scram-sha-256',
  ...SETTINGS,
  shared_buffers: '256MB',
  log_timezone: 'UTC',
});

const options = (settings: Record<string, string>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

const data = (host: Host): string => host.state('postgres/data');
/** Of the cluster's superuser: only the steps that make the cluster and its databases are given it. */
const ADMINISTRATOR = { MLOPS_POSTGRES_ADMIN_PASSWORD: 'postgres-admin' };

/** The image makes its cluster itself. */
export const cluster = ({ host }: Site): Workload => ({
  name: 'postgres-cluster',
  once: true,
  program: { command: host.runtimeCommand('cluster', program('initdb'), data(host)) },
  secretVariables: ADMINISTRATOR,
});

export const server = ({ host }: Site): Workload => ({
  name: 'postgres',
  port: { part: 'postgres' },
  health: 'accepts',
  needs: { 'postgres-cluster': 'completed' },
  program: {
    // PostgreSQL refuses to run as root.
    command: host.runtimeCommand('unprivileged', program('postgres'), '-D', data(host), ...options(onAMachine(host))),
  },
  container: {
    image: IMAGES.postgres.image,
    command: ['postgres', ...options(SETTINGS)],
    extras: { shm_size: '256m' },
    // As root it would need capabilities, to give its folder away and to become this user.
    user: 'postgres',
    hardened: true,
    networks: ['data'],
    // Over TCP: while the cluster is made, a server answers on the socket alone.
    probe: ['pg_isready', '--host=localhost', '--username=postgres', '--quiet'],
    variables: {
      POSTGRES_PASSWORD_FILE: host.secretFile('postgres-admin'),
      POSTGRES_INITDB_ARGS: '--auth=scram-sha-256 --encoding=UTF8 --locale=C --data-checksums',
    },
    secrets: ['postgres-admin'],
    mounts: [{ volume: 'postgres', at: '/var/lib/postgresql/data' }],
    // For its socket, by which its own entrypoint asks it.
    scratch: ['/tmp', '/var/run/postgresql'],
    megabytes: 4096,
    cpus: 2,
    grace: 60,
  },
});

/** Roles and their databases; all have the password that tasks are given. */
export const databases = ({ host, databases: names }: Site): Workload => ({
  name: 'databases',
  once: true,
  needs: { postgres: 'healthy' },
  secretVariables: ADMINISTRATOR,
  serverData: {
    folder: 'postgres',
    dump: host.runtimeCommand('dump', program('pg-dump'), ...inOrder(names)),
    restore: host.runtimeCommand('load', program('pg-restore'), ...names),
  },
  ...ours(host.runtimeCommand('databases', ...names), { networks: ['data'], megabytes: 2048, cpus: 1 }),
});

/**
 * Copied one after the other while they are written to: what names something is copied before what it names. Airflow's
 * tasks name MLflow's runs, and those name snapshots of the offline store.
 */
const inOrder = (names: readonly string[]): string[] => {
  const last = ['mlflow', 'feast'];
  return [...names.filter((name) => !last.includes(name)), ...last.filter((name) => names.includes(name))];
};
