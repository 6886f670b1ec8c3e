/**
 * The index of logs, its shipper and its window. Elasticsearch runs without log-in and TLS: its own would need
 * certificates for one node that five containers reach over a network of theirs, and whose port nobody outside can
 * open. Kibana is on loopback.
 */
import { addressOf, url } from '../../ir/parts.ts';
import type { Environment } from '../../ir/types.ts';
import { images } from './images.ts';
import { ours, runtime } from './ours.ts';
import { onLoopback, type Service, type ServiceModule, server } from './service.ts';

export const logs: ServiceModule = (ir, environment) => ({
  elasticsearch: elasticsearch(environment),
  // Before the first line comes: an index that no template describes would guess its types.
  'log-index': ours(ir, environment, {
    command: runtime('logs'),
    networks: ['logs'],
    needs: { elasticsearch: 'service_healthy' },
    once: true,
    memory: 512,
    cpus: 1,
  }),
  filebeat: filebeat(environment),
  kibana: kibana(environment),
  'kibana-objects': kibanaObjects(environment),
});

function elasticsearch(environment: Environment): Service {
  const { port } = addressOf(environment, 'elasticsearch');
  return server(
    {
      image: images.elasticsearch,
      ulimits: { nofile: { soft: 65_536, hard: 65_536 }, memlock: { soft: -1, hard: -1 } },
    },
    {
      networks: ['logs'],
      health: [
        'curl',
        '--fail',
        '--silent',
        '--output',
        '/dev/null',
        `http://localhost:${port}/_cluster/health?wait_for_status=yellow&timeout=5s`,
      ],
      variables: {
        'discovery.type': 'single-node',
        'xpack.security.enabled': 'false',
        'bootstrap.memory_lock': 'true',
        ES_JAVA_OPTS: '-Xms1g -Xmx1g',
      },
      volumes: ['elasticsearch:/usr/share/elasticsearch/data'],
      memory: 2560,
      cpus: 2,
      grace: '60s',
    },
  );
}

function filebeat(environment: Environment): Service {
  return server(
    // Configuration and logs belong to other users than the shipper's.
    { image: images.filebeat, command: ['filebeat', '-e', '--strict.perms=false'], read_only: true, cap_drop: ['ALL'] },
    {
      networks: ['logs'],
      needs: { 'log-index': 'service_completed_successfully' },
      health: ['filebeat', 'test', 'output', '--strict.perms=false', '--path.data', '/tmp/test'],
      volumes: [
        '../elk/filebeat.yml:/usr/share/filebeat/filebeat.yml:ro',
        'logs:/var/log/mlops:ro',
        'filebeat:/usr/share/filebeat/data',
      ],
      tmpfs: ['/tmp'],
      reads: [`${environment.name}/elk/filebeat.yml`],
      memory: 512,
      cpus: 0.5,
    },
  );
}

function kibana(environment: Environment): Service {
  const { port } = addressOf(environment, 'kibana');
  return server(
    { image: images.kibana },
    {
      networks: ['logs'],
      needs: { elasticsearch: 'service_healthy' },
      health: ['curl', '--fail', '--silent', '--output', '/dev/null', `http://localhost:${port}/api/status`],
      variables: { ELASTICSEARCH_HOSTS: url(addressOf(environment, 'elasticsearch')), TELEMETRY_OPTIN: 'false' },
      ports: [onLoopback(environment.ports.kibana, port)],
      profile: 'tools',
      memory: 1536,
      cpus: 1,
    },
  );
}

function kibanaObjects(environment: Environment): Service {
  const address = `${url(addressOf(environment, 'kibana'))}/api/saved_objects/_import?overwrite=true`;
  return server(
    {
      image: images.kibana,
      entrypoint: [
        'curl',
        '--fail',
        '--silent',
        '--show-error',
        '--header',
        'kbn-xsrf: true',
        '--form',
        'file=@/objects/kibana.ndjson',
        address,
      ],
    },
    {
      networks: ['logs'],
      needs: { kibana: 'service_healthy' },
      volumes: ['../../common/elk:/objects:ro'],
      profile: 'tools',
      once: true,
      memory: 128,
      cpus: 0.5,
    },
  );
}
