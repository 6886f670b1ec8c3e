import { addressOf, url } from '../../ir/parts.ts';
import { python, root, state, tool } from './placeholders.ts';
import type { ServerModule } from './server.ts';

/** OpenSearch in Elasticsearch's place, and rsyslog, which ships the logs of our services into it. */
export const logs: ServerModule = (_ir, environment) => {
  const index = addressOf(environment, 'elasticsearch');
  const configuration = `generated/${environment.name}/elk/rsyslog.conf`;
  return {
    variables: {},
    // Before the first line comes: an index that no template describes would guess its types.
    setup: [{ name: 'log-index', command: [python, '-m', 'mlops_runtime', 'logs'], env: {}, needs: ['opensearch'] }],
    processes: [
      {
        name: 'opensearch',
        command: [
          ...[python, '-m', 'mlops_runtime', 'opensearch', tool('java'), tool('opensearch')],
          ...[`${state}/opensearch`, index.host, String(index.port)],
        ],
        env: {},
        lock: null,
        port: index.port,
        port_field: `environments.${environment.name}.ports.elasticsearch in ${environment.origin.file}`,
        address: url(index),
        health: `${url(index)}/_cluster/health`,
        needs: [],
      },
      {
        name: 'rsyslog',
        command: [
          python,
          '-m',
          'mlops_runtime',
          'rsyslog',
          tool('rsyslogd'),
          `${root}/${configuration}`,
          `${state}/rsyslog`,
          `${state}/logs`,
        ],
        env: {},
        lock: null,
        port: null,
        address: null,
        health: null,
        needs: ['log-index'],
        reads: [configuration],
      },
    ],
  };
};
