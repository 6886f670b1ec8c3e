import { addressOf, url } from '../../ir/parts.ts';
import { python } from './placeholders.ts';
import type { ServerModule } from './server.ts';

/** One process that measures data, predictions and pipelines for Prometheus. */
export const monitor: ServerModule = (_ir, environment) => {
  const where = addressOf(environment, 'monitor');
  return {
    setup: [],
    processes: [
      {
        name: 'monitor',
        command: [python, '-m', 'mlops_runtime', 'monitor'],
        env: {},
        lock: null,
        port: where.port,
        port_field: `environments.${environment.name}.ports.monitor in ${environment.origin.file}`,
        address: url(where),
        health: `${url(where)}/livez`,
        needs: ['redis', 'apply'],
        reads: ['generated/common/monitoring', `generated/${environment.name}/runtime/environment.json`],
      },
    ],
    variables: {},
  };
};
