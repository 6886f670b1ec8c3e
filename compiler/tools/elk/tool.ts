import { addressOf, hasServers } from '../../ir/parts.ts';
import type { Environment } from '../../ir/types.ts';
import { type Json, json } from '../../render/json.ts';
import type { Artifact, Tool } from '../tool.ts';
import { filebeatConfiguration } from './filebeat.ts';
import { dataStream, lifecycle, lifecycleSettings, mappings, ownTemplate, pipeline, template } from './index.ts';
import { savedObjects } from './kibana.ts';
import { live } from './live.ts';
import { rsyslogConfiguration } from './rsyslog.ts';

/** Logs: what the index is told, what Kibana shows, and the shipper of each environment. */
export const elk = {
  name: 'elk',
  emitCommon: ({ logIndices }) => [
    common('component_templates/mlops-logs-fields.json', mappings()),
    common('component_templates/mlops-logs-lifecycle.json', lifecycleSettings()),
    common('index_templates/mlops-logs.json', template()),
    ...logIndices.map((index) => ({
      ...common(`index_templates/${index.name}.json`, ownTemplate(index)),
      origin: index.origin.file,
    })),
    common('ingest_pipelines/mlops-logs.json', pipeline()),
    common('lifecycle_policies/mlops-logs.json', lifecycle()),
    { path: 'common/elk/kibana.ndjson', content: savedObjects().map(line).join(''), origin: null },
  ],
  emitEnvironment: (_ir, environment) =>
    hasServers(environment) ? [streamName(environment), shipper(environment)] : [],
  live,
} satisfies Tool;

const common = (path: string, content: Json): Artifact => ({
  path: `common/elk/${path}`,
  content: json(content),
  origin: null,
});

const line = (object: Json): string => `${JSON.stringify(object)}\n`;

function streamName({ name, origin }: Environment): Artifact {
  return {
    path: `${name}/elk/data_streams.json`,
    content: json({ data_streams: [dataStream(name)] }),
    origin: origin.file,
  };
}

function shipper(environment: Environment): Artifact {
  const { name, runtime, origin } = environment;
  const index = addressOf(environment, 'elasticsearch');
  return runtime === 'compose'
    ? { path: `${name}/elk/filebeat.yml`, content: filebeatConfiguration(environment, index), origin: origin.file }
    : {
        path: `${name}/elk/rsyslog.conf`,
        content: rsyslogConfiguration(name, index, origin.file),
        origin: origin.file,
      };
}
