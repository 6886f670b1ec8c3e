import { hasServers } from '../../ir/parts.ts';
import type { Environment } from '../../ir/types.ts';
import { bin, state } from './placeholders.ts';
import { databaseUrl } from './postgres.ts';

const address = ({ host, ports }: Environment): string => `http://${host}:${ports.mlflow}`;

export function mlflowProcess(environment: Environment) {
  const { host, ports } = environment;
  const command = [
    ...[
      `${bin}/mlflow`,
      'server',
      '--host',
      host,
      '--port',
      String(ports.mlflow),
      '--workers',
      hasServers(environment) ? '2' : '1',
    ],
    ...['--artifacts-destination', `${state}/mlflow/artifacts`, '--serve-artifacts'],
  ];
  return {
    name: 'mlflow',
    command,
    env: {
      ...backendStore(environment),
      // The job runner alone would be eight processes more.
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    },
    lock: null,
    port: ports.mlflow,
    port_field: `environments.${environment.name}.ports.mlflow in ${environment.origin.file}`,
    address: address(environment),
    health: `${address(environment)}/health`,
    needs: hasServers(environment) ? ['databases'] : [],
  };
}

/** As a variable, because everyone on the machine can read a command line, and the address holds a password. */
function backendStore(environment: Environment): Record<string, string> {
  // MLflow's file store refuses to start since version 3.
  const uri = hasServers(environment)
    ? databaseUrl(environment, 'mlflow', 'psycopg2')
    : `sqlite:///${state}/mlflow/mlflow.db`;
  return { MLFLOW_BACKEND_STORE_URI: uri };
}

/** For every process, since most are MLflow's clients. */
export function mlflowVariables(environment: Environment) {
  return {
    MLFLOW_TRACKING_URI: address(environment),
    // By default a client hangs for minutes on a server that is gone.
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: '2',
    MLFLOW_DISABLE_TELEMETRY: 'true',
  };
}
