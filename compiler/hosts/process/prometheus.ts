import { type Address, addressOf, url } from '../../ir/parts.ts';
import type { Environment, Part } from '../../ir/types.ts';
import { promqlDuration } from '../../render/promql.ts';
import { root, state, tool } from './placeholders.ts';
import type { ServerModule, ServerProcess } from './server.ts';

/** Prometheus, Alertmanager and what they look at the host with. */
export const prometheus: ServerModule = (_ir, environment) => ({
  setup: [],
  variables: {},
  processes: [
    watcher(environment, 'prometheus', 'prometheus', '/-/ready', (at) => [
      `--config.file=${root}/generated/${environment.name}/prometheus/prometheus.yml`,
      `--storage.tsdb.path=${state}/prometheus`,
      `--storage.tsdb.retention.time=${promqlDuration(environment.metricsRetentionSeconds)}`,
      `--web.listen-address=${at}`,
      // `mlops deploy` has it read its rules again.
      '--web.enable-lifecycle',
    ]),
    watcher(environment, 'alertmanager', 'alertmanager', '/-/ready', (at) => [
      `--config.file=${root}/generated/${environment.name}/alertmanager/alertmanager.yml`,
      `--storage.path=${state}/alertmanager`,
      `--web.listen-address=${at}`,
      // One instance has no peers to gossip with.
      '--cluster.listen-address=',
    ]),
    watcher(environment, 'node_exporter', 'node-exporter', '/', (at) => [`--web.listen-address=${at}`]),
  ],
});

function watcher(
  environment: Environment,
  part: Part,
  program: string,
  health: string,
  flags: (at: string) => string[],
): ServerProcess {
  const where: Address = addressOf(environment, part);
  return {
    name: program,
    command: [tool(program), ...flags(`${where.host}:${where.port}`)],
    env: {},
    lock: null,
    port: where.port,
    port_field: `environments.${environment.name}.ports.${part} in ${environment.origin.file}`,
    address: url(where),
    health: `${url(where)}${health}`,
    needs: [],
  };
}
