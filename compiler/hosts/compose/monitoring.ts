/** Prometheus, Alertmanager, Grafana, and what they look at the host with. */
import { addressOf } from '../../ir/parts.ts';
import type { Environment, Part } from '../../ir/types.ts';
import { promqlDuration } from '../../render/promql.ts';
import { images } from './images.ts';
import { own, secretFile } from './secrets.ts';
import { onLoopback, type Service, type ServiceModule, server } from './service.ts';

export const monitoring: ServiceModule = (_ir, environment) => ({
  prometheus: prometheus(environment),
  alertmanager: alertmanager(environment),
  'node-exporter': nodeExporter(environment),
  grafana: grafana(environment),
});

const hardened = { read_only: true, cap_drop: ['ALL'] };

/** These images are built on busybox, which has a wget. */
const wget = (environment: Environment, part: Part, path: string): string[] => [
  ...['wget', '-q', '-O', '/dev/null'],
  `http://localhost:${addressOf(environment, part).port}${path}`,
];

function prometheus(environment: Environment): Service {
  const { port } = addressOf(environment, 'prometheus');
  const folder = `/etc/mlops/${environment.name}/prometheus`;
  return server(
    {
      image: images.prometheus,
      command: [
        `--config.file=${folder}/prometheus.yml`,
        '--storage.tsdb.path=/prometheus',
        `--storage.tsdb.retention.time=${promqlDuration(environment.metricsRetentionSeconds)}`,
        '--storage.tsdb.retention.size=20GB',
        // A new configuration is taken over without a gap: POST /-/reload.
        '--web.enable-lifecycle',
      ],
      ...hardened,
    },
    {
      networks: ['monitoring'],
      health: wget(environment, 'prometheus', '/-/ready'),
      // The configuration names its rules relative to itself.
      volumes: [
        `../prometheus:${folder}:ro`,
        '../../common/prometheus/rules:/etc/mlops/common/prometheus/rules:ro',
        'prometheus:/prometheus',
      ],
      ports: [onLoopback(environment.ports.prometheus, port)],
      reads: [`${environment.name}/prometheus`, 'common/prometheus/rules'],
      memory: 2048,
      cpus: 1,
      grace: '60s',
    },
  );
}

function alertmanager(environment: Environment): Service {
  const { slack, smtp } = environment.alerting;
  const { port } = addressOf(environment, 'alertmanager');
  return server(
    {
      image: images.alertmanager,
      command: [
        '--config.file=/etc/alertmanager/alertmanager.yml',
        '--storage.path=/alertmanager',
        // One instance has no peers to gossip with.
        '--cluster.listen-address=',
      ],
      ...hardened,
    },
    {
      networks: ['monitoring'],
      health: wget(environment, 'alertmanager', '/-/ready'),
      volumes: ['../alertmanager:/etc/alertmanager:ro', 'alertmanager:/alertmanager'],
      secrets: [slack?.secret, smtp?.passwordSecret].filter((name) => typeof name === 'string'),
      ports: [onLoopback(environment.ports.alertmanager, port)],
      reads: [`${environment.name}/alertmanager`],
      memory: 256,
      cpus: 0.5,
    },
  );
}

function nodeExporter(environment: Environment): Service {
  return server(
    // The host's processes and file systems, read-only: that is what it is for.
    { image: images.nodeExporter, command: ['--path.rootfs=/host'], pid: 'host', ...hardened },
    {
      networks: ['monitoring'],
      health: wget(environment, 'node_exporter', '/'),
      volumes: ['/:/host:ro,rslave'],
      memory: 128,
      cpus: 0.5,
    },
  );
}

function grafana(environment: Environment): Service {
  const { port } = addressOf(environment, 'grafana');
  return server(
    { image: images.grafana, ...hardened },
    {
      // `logs`: it shows what the index holds.
      networks: ['monitoring', 'logs'],
      needs: { prometheus: 'service_healthy' },
      health: wget(environment, 'grafana', '/api/health'),
      variables: {
        GF_SECURITY_ADMIN_PASSWORD__FILE: secretFile(own.grafana),
        GF_SERVER_HTTP_PORT: String(port),
        GF_ANALYTICS_REPORTING_ENABLED: 'false',
        GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
        GF_PLUGINS_PREINSTALL_DISABLED: 'true',
      },
      secrets: [own.grafana],
      volumes: [
        '../grafana/provisioning:/etc/grafana/provisioning:ro',
        'grafana:/var/lib/grafana',
        '../../common/grafana/dashboards:/var/lib/grafana/dashboards:ro',
      ],
      tmpfs: ['/tmp'],
      ports: [onLoopback(environment.ports.grafana, port)],
      // Dashboards it reads again by itself.
      reads: [`${environment.name}/grafana`],
      memory: 512,
      cpus: 1,
    },
  );
}
