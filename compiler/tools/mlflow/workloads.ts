import { passwordVariable, secretOfAccount } from '../../clients/account.ts';
import { hasServers } from '../../ir/look-up.ts';
import type { Environment } from '../../ir/types.ts';
import { databaseUrl } from '../database.ts';
import { type Host, type Site, url } from '../host.ts';
import { TRACKING_ACCOUNTS, type TrackingAccount } from '../tracking-account.ts';
import { type Database, ours, type Workload } from '../workload.ts';

export function server({ environment, host }: Site): Workload {
  const { host: interfaces, port } = host.listen('mlflow');
  return {
    name: 'mlflow',
    port: { part: 'mlflow' },
    health: { http: '/health' },
    needs: { state: 'completed', databases: 'completed' },
    variables: {
      ...backendStore(environment, host),
      // The job runner alone would be eight processes more.
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      MLFLOW_SERVER_ALLOWED_HOSTS: allowedHosts(host),
    },
    secretVariables: passwords,
    logIn: { user: PERSON, secret: secretOfAccount('mlflow', PERSON) },
    ...(hasServers(environment) ? {} : { databases: [database(host)] }),
    ...ours(
      [
        ...host.runtimeCommand('mlflow', 'server', '--host', interfaces, '--port', String(port)),
        ...['--workers', hasServers(environment) ? '2' : '1'],
        ...['--artifacts-destination', host.state('mlflow/artifacts'), '--serve-artifacts'],
      ],
      { networks: ['platform', 'data'], open: 'loopback', megabytes: 2048, cpus: 2 },
    ),
  };
}

const database = (host: Host): Database => ({
  file: host.state('mlflow/mlflow.db'),
  holds: 'all runs and registered models',
  recovery: 'MLflow begins empty, and the models have to be trained again; until then their APIs answer 503',
});

/** As a variable, because everyone on the machine can read a command line, and the address holds a password. */
function backendStore(environment: Environment, host: Host): Record<string, string> {
  // MLflow's file store refuses to start since version 3.
  const uri = hasServers(environment) ? databaseUrl(host, 'mlflow', 'psycopg2') : `sqlite:///${database(host).file}`;
  return { MLFLOW_BACKEND_STORE_URI: uri };
}

/**
 * By which names it may be called; a browser says `localhost` and the port of the host. MLflow's own list has every
 * name that begins as a private address does: `10.evil.example`.
 */
function allowedHosts(host: Host): string {
  const { host: name, port } = host.address('mlflow');
  return host.facts.ownNetwork ? `${name}:${port},localhost:*,127.0.0.1:*` : `${name}:${port},localhost:${port}`;
}

const PERSON: TrackingAccount = 'admin';

/** Only the server gets all of them. */
const passwords: Record<string, string> = Object.fromEntries(
  TRACKING_ACCOUNTS.map((account) => [passwordVariable('mlflow', account), secretOfAccount('mlflow', account)]),
);

/** For every program of ours, since most are MLflow's clients. */
export const clientVariables = ({ host }: Site): Record<string, string> => ({
  MLFLOW_TRACKING_URI: url(host.address('mlflow')),
  // By default a client hangs for minutes on a server that is gone.
  MLFLOW_HTTP_REQUEST_MAX_RETRIES: '2',
  MLFLOW_DISABLE_TELEMETRY: 'true',
});
