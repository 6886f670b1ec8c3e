import { addressOf } from '../../ir/parts.ts';
import { python, root, state, tool } from './placeholders.ts';
import type { ServerModule } from './server.ts';

const log = `${state}/kafka`;

/** Kafka, where a view is streamed: one broker on loopback. */
export const kafka: ServerModule = (_ir, environment) => {
  if (environment.consumers.length === 0) return { setup: [], processes: [], variables: {} };
  const { host, port } = addressOf(environment, 'kafka');
  const properties = `${root}/generated/${environment.name}/kafka/server.properties`;
  return {
    setup: [
      // Makes the log's folder the first time, and leaves it alone afterwards.
      {
        name: 'kafka-storage',
        command: [python, '-m', 'mlops_runtime', 'kafka', 'format', tool('java'), tool('kafka'), properties, log],
        env: {},
        needs: [],
      },
      { name: 'topics', command: [python, '-m', 'mlops_runtime', 'topics'], env: {}, needs: ['kafka'] },
    ],
    processes: [
      {
        name: 'kafka',
        command: [python, '-m', 'mlops_runtime', 'kafka', 'run', tool('java'), tool('kafka'), properties, log],
        env: {},
        lock: null,
        port,
        port_field: `environments.${environment.name}.ports.kafka in ${environment.origin.file}`,
        address: null,
        health: `tcp://${host}:${port}`,
        needs: ['kafka-storage'],
        reads: [`generated/${environment.name}/kafka/server.properties`],
      },
    ],
    variables: {},
  };
};
