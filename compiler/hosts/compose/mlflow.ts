import { addressOf } from '../../ir/parts.ts';
import { healthy, ours, stateOf } from './ours.ts';
import { own, secretInUrl } from './secrets.ts';
import { onLoopback, type ServiceModule } from './service.ts';

export const mlflow: ServiceModule = (ir, environment) => {
  const { host, port } = addressOf(environment, 'mlflow');
  const database = addressOf(environment, 'postgres');
  return {
    mlflow: ours(ir, environment, {
      command: [
        ...['mlflow', 'server', '--host', '0.0.0.0', '--port', String(port), '--workers', '2'],
        ...['--artifacts-destination', `${stateOf(environment)}/mlflow/artifacts`, '--serve-artifacts'],
      ],
      networks: ['platform', 'data'],
      needs: { state: 'service_completed_successfully', databases: 'service_completed_successfully' },
      health: healthy(`http://localhost:${port}/health`),
      ports: [onLoopback(environment.ports.mlflow, port)],
      variables: {
        MLFLOW_BACKEND_STORE_URI: `postgresql+psycopg2://mlflow:${secretInUrl(own.postgres)}@${database.host}:${database.port}/mlflow`,
        // The job runner alone would be eight processes more.
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
        // By which names it may be called; a browser says `localhost` and the port of the host.
        MLFLOW_SERVER_ALLOWED_HOSTS: `${host}:${port},localhost:*,127.0.0.1:*`,
      },
      memory: 2048,
      cpus: 2,
    }),
  };
};
