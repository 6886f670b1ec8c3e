/**
 * The index of logs, its shipper and its window. Elasticsearch runs without log-in and TLS: its own would need
 * certificates for one node that five containers reach over a network of theirs, and whose port nobody outside can
 * open. Kibana is on loopback.
 */
import type { Artifact } from '../../render/artifact.ts';
import { json } from '../../render/json.ts';
import { type Site, url } from '../host.ts';
import { IMAGES } from '../images.ts';
import { program } from '../program.ts';
import { LOGS, ours, type Workload } from '../workload.ts';
import { filebeatFile } from './filebeat.ts';
import { dataStream } from './index.ts';
import { rsyslogFile } from './rsyslog.ts';

export const workloads = (site: Site): Workload[] => [
  index(site),
  logIndex(site),
  rsyslog(site),
  filebeat(site),
  kibana(site),
  kibanaObjects(site),
];

/** As a process it is OpenSearch, which speaks the same where we ask it. */
function index({ host }: Site): Workload {
  const { host: interfaces, port } = host.listen('elasticsearch');
  return {
    name: 'elasticsearch',
    port: { part: 'elasticsearch' },
    health: { http: '/_cluster/health' },
    serverData: { folder: 'opensearch' },
    program: {
      name: 'opensearch',
      command: host.runtimeCommand(
        ...['opensearch', program('java'), program('opensearch')],
        ...[host.state('opensearch'), interfaces, String(port)],
      ),
    },
    container: {
      image: IMAGES.elasticsearch.image,
      extras: { ulimits: { nofile: { soft: 65_536, hard: 65_536 }, memlock: { soft: -1, hard: -1 } } },
      hardened: { writableRoot: 'It makes a keystore beside its configuration.' },
      networks: ['logs'],
      probe: [...CURL, `http://localhost:${port}/_cluster/health?wait_for_status=yellow&timeout=5s`],
      variables: {
        'discovery.type': 'single-node',
        'xpack.security.enabled': 'false',
        'bootstrap.memory_lock': 'true',
        ES_JAVA_OPTS: '-Xms1g -Xmx1g',
      },
      mounts: [{ volume: 'elasticsearch', at: '/usr/share/elasticsearch/data' }],
      megabytes: 2560,
      cpus: 2,
      grace: 60,
    },
  };
}

/** Before the first line comes: an index that no template describes would guess its types. */
const logIndex = (site: Site): Workload => ({
  name: 'log-index',
  once: true,
  needs: { elasticsearch: 'healthy' },
  ...ours(site.host.runtimeCommand('logs'), {
    networks: ['logs'],
    files: () => [streamNames(site)],
    megabytes: 512,
    cpus: 1,
  }),
});

function streamNames({ environment: { name, origin } }: Site): Artifact {
  const content = json({ data_streams: [dataStream(name)] });
  return { path: `${name}/elk/data_streams.json`, content, origin: origin.file };
}

/** The shipper of processes. */
function rsyslog(site: Site): Workload {
  const { environment, host } = site;
  const file = `generated/${environment.name}/elk/rsyslog.conf`;
  return {
    name: 'rsyslog',
    needs: { 'log-index': 'completed' },
    serverData: { folder: 'rsyslog' },
    program: {
      command: host.runtimeCommand(
        ...['rsyslog', program('rsyslogd'), `${host.root}/${file}`],
        ...[host.state('rsyslog'), host.state('logs')],
      ),
      reads: [file],
      files: () => [rsyslogFile(site)],
    },
  };
}

/** The shipper of containers. */
function filebeat(site: Site): Workload {
  const file = `${site.environment.name}/elk/filebeat.yml`;
  return {
    name: 'filebeat',
    needs: { 'log-index': 'completed' },
    container: {
      image: IMAGES.filebeat.image,
      // Configuration and logs belong to other users than the shipper's.
      command: ['filebeat', '-e', '--strict.perms=false'],
      hardened: true,
      networks: ['logs'],
      probe: ['filebeat', 'test', 'output', '--strict.perms=false', '--path.data', '/tmp/test'],
      mounts: [
        { generated: file, at: '/usr/share/filebeat/filebeat.yml' },
        { volume: LOGS.volume, at: LOGS.folder, readOnly: true },
        { volume: 'filebeat', at: '/usr/share/filebeat/data' },
      ],
      scratch: ['/tmp'],
      reads: [`generated/${file}`],
      files: (all) => [filebeatFile(site, all)],
      megabytes: 512,
      cpus: 0.5,
    },
  };
}

const kibana = ({ host }: Site): Workload => ({
  name: 'kibana',
  port: { part: 'kibana' },
  health: { http: '/api/status' },
  needs: { elasticsearch: 'healthy' },
  container: {
    image: IMAGES.kibana.image,
    hardened: { writableRoot: 'It keeps its data beside its program.' },
    networks: ['logs'],
    probe: 'curl',
    variables: { ELASTICSEARCH_HOSTS: url(host.address('elasticsearch')), TELEMETRY_OPTIN: 'false' },
    open: 'loopback',
    profile: 'tools',
    megabytes: 1536,
    cpus: 1,
  },
});

const kibanaObjects = ({ host }: Site): Workload => ({
  name: 'kibana-objects',
  once: true,
  needs: { kibana: 'healthy' },
  container: {
    image: IMAGES.kibana.image,
    entrypoint: [
      ...['curl', '--fail', '--silent', '--show-error', '--header', 'kbn-xsrf: true'],
      ...['--form', 'file=@/objects/kibana.ndjson'],
      `${url(host.address('kibana'))}/api/saved_objects/_import?overwrite=true`,
    ],
    hardened: true,
    networks: ['logs'],
    mounts: [{ generated: 'common/elk', at: '/objects' }],
    profile: 'tools',
    megabytes: 128,
    cpus: 0.5,
  },
});

const CURL = ['curl', '--fail', '--silent', '--output', '/dev/null'];
