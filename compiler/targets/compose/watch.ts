import type { Environment } from '../../ir/types.ts';
import { IMAGES } from './images.ts';
import { DONE, HEALTHY, health, onLoopback, type Services, service } from './service.ts';

/** The checkout's generated files, as they stand beside this one. */
const GENERATED = '../../:/etc/mlops/generated:ro';

/** Prometheus, Alertmanager, Grafana and the node exporter. */
export function watch({ name, ports, alerting }: Environment): Services {
  const configuration = `/etc/mlops/generated/${name}`;
  const channels = [alerting.slack?.secret, alerting.smtp?.passwordSecret].filter((each): each is string => Boolean(each));
  return {
    prometheus: service(
      IMAGES.prometheus,
      { memory: '2g', networks: ['watch'] },
      {
        command: [
          `--config.file=${configuration}/prometheus/prometheus.yml`,
          '--storage.tsdb.path=/prometheus',
          '--storage.tsdb.retention.time=15d',
          '--web.enable-lifecycle',
        ],
        volumes: [GENERATED, 'prometheus:/prometheus'],
        ports: [onLoopback(ports.prometheus, 9090)],
        healthcheck: health(['wget', '-q', '--spider', 'http://prometheus:9090/-/ready']),
      },
    ),
    alertmanager: service(
      IMAGES.alertmanager,
      { memory: '256m', networks: ['watch'] },
      {
        command: [
          `--config.file=${configuration}/alertmanager/alertmanager.yml`,
          '--storage.path=/alertmanager',
          '--cluster.listen-address=',
        ],
        volumes: [GENERATED, 'alertmanager:/alertmanager'],
        ...(channels.length > 0 ? { secrets: channels } : {}),
        ports: [onLoopback(ports.alertmanager, 9093)],
        healthcheck: health(['wget', '-q', '--spider', 'http://alertmanager:9093/-/ready']),
      },
    ),
    // Sees the host: its processes, and its file systems, read-only.
    'node-exporter': service(
      IMAGES.nodeExporter,
      { memory: '128m', networks: ['watch'] },
      {
        command: ['--path.rootfs=/host', '--path.procfs=/host/proc', '--path.sysfs=/host/sys'],
        pid: 'host',
        volumes: ['/:/host:ro,rslave'],
        healthcheck: health(['wget', '-q', '--spider', 'http://node-exporter:9100/']),
      },
    ),
    grafana: service(
      IMAGES.grafana,
      { memory: '512m', networks: ['watch'] },
      {
        environment: {
          GF_SECURITY_ADMIN_PASSWORD__FILE: '/run/secrets/grafana_admin',
          GF_USERS_ALLOW_SIGN_UP: 'false',
          GF_ANALYTICS_REPORTING_ENABLED: 'false',
          GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
        },
        secrets: ['grafana_admin'],
        volumes: [
          '../grafana/provisioning:/etc/grafana/provisioning:ro',
          '../../common/grafana/dashboards:/var/lib/grafana/dashboards:ro',
          'grafana:/var/lib/grafana',
        ],
        ports: [onLoopback(ports.grafana, 3000)],
        healthcheck: health(['wget', '-q', '--spider', 'http://grafana:3000/api/health']),
        depends_on: { prometheus: HEALTHY },
      },
    ),
  };
}

/** Elasticsearch, Kibana and Filebeat. Security is off: the network `watch` and the host's loopback are all that reach it. */
export function elk({ ports }: Environment): Services {
  return {
    elasticsearch: service(
      IMAGES.elasticsearch,
      { memory: '2g', networks: ['watch'] },
      {
        environment: {
          'discovery.type': 'single-node',
          'xpack.security.enabled': 'false',
          // An index that no template describes would guess its types.
          'action.auto_create_index': '.*,-*',
          ES_JAVA_OPTS: '-Xms1g -Xmx1g',
        },
        ulimits: { memlock: { soft: -1, hard: -1 } },
        volumes: ['elasticsearch:/usr/share/elasticsearch/data'],
        ports: [onLoopback(ports.elasticsearch, 9200)],
        healthcheck: health(['curl', '-fsS', 'http://elasticsearch:9200/_cluster/health?wait_for_status=yellow&timeout=3s'], 90),
      },
    ),
    kibana: service(
      IMAGES.kibana,
      { memory: '1g', networks: ['watch'] },
      {
        profiles: ['tools'],
        environment: { ELASTICSEARCH_HOSTS: 'http://elasticsearch:9200', TELEMETRY_ENABLED: 'false' },
        ports: [onLoopback(ports.kibana, 5601)],
        healthcheck: health(['curl', '-fsS', 'http://kibana:5601/api/status'], 120),
        depends_on: { elasticsearch: HEALTHY },
      },
    ),
    filebeat: service(
      IMAGES.filebeat,
      { memory: '256m', networks: ['watch'] },
      {
        // Its configuration must not be writable by others, and it reads files of another user.
        user: 'root',
        command: ['filebeat', '-e', '--strict.perms=false', '-c', '/etc/filebeat/filebeat.yml'],
        volumes: ['../elk/filebeat.yml:/etc/filebeat/filebeat.yml:ro', 'logs:/var/log/mlops:ro', 'filebeat:/usr/share/filebeat/data'],
        healthcheck: health(['filebeat', 'test', 'output', '-c', '/etc/filebeat/filebeat.yml', '--strict.perms=false']),
        depends_on: { 'log-index': DONE },
      },
    ),
  };
}
