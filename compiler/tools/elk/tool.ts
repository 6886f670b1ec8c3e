import { hasServers } from '../../ir/look-up.ts';
import { OWN_LOGS } from '../../ir/monitoring.ts';
import type { Artifact } from '../../render/artifact.ts';
import { type Json, json } from '../../render/json.ts';
import { java, javaPackages } from '../java.ts';
import type { Tool } from '../tool.ts';
import { changes } from './changes/registry.ts';
import { lifecycle, lifecycleSettings, mappings, ownTemplate, pipeline, template } from './index.ts';
import { savedObjects } from './kibana.ts';
import { live } from './live.ts';
import { workloads } from './workloads.ts';

/** Logs: how they are indexed, what Kibana shows, and the shipper of each environment. */
export const elk = {
  name: 'elk',
  emitCommon: ({ logIndices }) => [
    common('component_templates/mlops-logs-fields.json', mappings()),
    common('component_templates/mlops-logs-lifecycle.json', lifecycleSettings()),
    common(`index_templates/${OWN_LOGS.template}.json`, template()),
    ...logIndices.map((index) => ({
      ...common(`index_templates/${index.name}.json`, ownTemplate(index)),
      origin: index.origin.file,
    })),
    common('ingest_pipelines/mlops-logs.json', pipeline()),
    common('lifecycle_policies/mlops-logs.json', lifecycle()),
    { path: 'common/elk/kibana.ndjson', content: savedObjects().map(line).join(''), origin: null },
  ],
  workloads: (site) => (hasServers(site.environment) ? workloads(site) : []),
  live,
  changes,
  ports: {
    elasticsearch: { title: 'Elasticsearch', usual: 9200 },
    kibana: { title: 'Kibana', usual: 5601, form: 'container' },
  },
  containers: () => ['elasticsearch', 'log-index', 'filebeat', 'kibana', 'kibana-objects'],
  volumes: ['elasticsearch', 'filebeat'],
  programs: {
    java,
    opensearch: { title: 'OpenSearch', from: 'Maven', find: { jars: 'opensearch' } },
    rsyslogd: { title: 'rsyslog', from: "Debian's rsyslog and rsyslog-elasticsearch", find: { names: ['rsyslogd'] } },
  },
  install: {
    packages: [
      ...javaPackages,
      { name: 'rsyslog', evidence: 'rsyslogd' },
      { name: 'rsyslog-elasticsearch', evidence: '/usr/lib/x86_64-linux-gnu/rsyslog/omelasticsearch.so' },
    ],
    jars: { folder: 'opensearch', title: 'OpenSearch', pom: new URL('./pom.xml', import.meta.url) },
  },
} satisfies Tool;

const common = (path: string, content: Json): Artifact => ({
  path: `common/elk/${path}`,
  content: json(content),
  origin: null,
});

const line = (object: Json): string => `${JSON.stringify(object)}\n`;
