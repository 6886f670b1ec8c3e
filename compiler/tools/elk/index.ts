/**
 * How an Elasticsearch (or OpenSearch) node keeps the platform's logs: types of fields, how a line is read, how long it
 * stays.
 */
import { type LogIndex, OWN_LOGS } from '../../ir/monitoring.ts';
import type { Json } from '../../render/json.ts';

/** `logs-<dataset>-<namespace>`, as data streams are called; the namespace is the environment. */
export const DATASET = OWN_LOGS.dataset;
export const PIPELINE = 'mlops-logs';
export const LIFECYCLE = 'mlops-logs';
export const dataStream = (environment: string): string => `logs-${DATASET}-${environment}`;

const keyword = { type: 'keyword', ignore_above: 1024 };

/**
 * The fields that our services write (Elastic Common Schema), and no others: a field that nobody declared is kept, and
 * not searchable.
 */
export const FIELDS: Record<string, Json> = {
  '@timestamp': { type: 'date' },
  message: { type: 'text' },
  tags: keyword,
  'ecs.version': keyword,
  'log.level': keyword,
  'log.logger': keyword,
  'log.file.path': keyword,
  'service.name': keyword,
  'event.dataset': keyword,
  'event.duration': { type: 'long' },
  'event.original': { type: 'keyword', index: false, doc_values: false },
  'http.request.id': keyword,
  'http.request.method': keyword,
  'http.response.status_code': { type: 'long' },
  'url.path': keyword,
  'labels.model': keyword,
  'labels.model_version': keyword,
  'error.type': keyword,
  'error.message': { type: 'text' },
  'error.stack_trace': { type: 'text', index: false },
};

export function mappings(): Json {
  return {
    template: {
      settings: {
        // A value of another type than declared does not cost the whole line.
        index: {
          number_of_shards: 1,
          number_of_replicas: 0,
          refresh_interval: '5s',
          default_pipeline: PIPELINE,
          mapping: { ignore_malformed: true },
        },
      },
      mappings: { dynamic: false, properties: nested(FIELDS) },
    },
    _meta: { description: 'Fields of the logs of our services.' },
  };
}

/** Elasticsearch's own; OpenSearch has another kind of policy, and the setting is unknown to it. */
export const lifecycleSettings = (): Json => ({
  template: { settings: { index: { lifecycle: { name: LIFECYCLE } } } },
});

export const lifecycle = (): Json => ({
  policy: {
    phases: {
      hot: { actions: { rollover: { max_age: '1d', max_primary_shard_size: '10gb' } } },
      delete: { min_age: '30d', actions: { delete: {} } },
    },
  },
});

export const template = (): Json => ({
  index_patterns: [`logs-${DATASET}-*`],
  data_stream: {},
  composed_of: ['mlops-logs-fields', 'mlops-logs-lifecycle'],
  // Above the templates that the tool itself brings for logs-*-*.
  priority: OWN_LOGS.priority,
  _meta: { description: 'Logs of the online APIs, the stream consumers and the monitor.' },
});

/** A shipper hands the line over as it is: what cannot be read is kept, with the reason. */
export const pipeline = (): Json => ({
  description: 'One line of a service: JSON in the Elastic Common Schema.',
  processors: [
    { set: { field: 'event.dataset', value: DATASET } },
    { set: { field: 'event.original', value: '{{{message}}}' } },
    { json: { field: 'message', add_to_root: true, if: "ctx.message != null && ctx.message.startsWith('{')" } },
    { append: { field: 'tags', value: ['not_json'], if: 'ctx.message == ctx.event.original' } },
  ],
  on_failure: [
    { set: { field: 'error.message', value: '{{ _ingest.on_failure_message }}' } },
    { append: { field: 'tags', value: ['unreadable'] } },
  ],
});

function nested(fields: Record<string, Json>): Json {
  const properties: Record<string, Json> = {};
  for (const [path, type] of Object.entries(fields)) {
    let place = properties;
    const parts = path.split('.');
    for (const part of parts.slice(0, -1)) {
      const object = (Object.hasOwn(place, part) ? place[part] : { properties: {} }) as {
        properties: Record<string, Json>;
      };
      place[part] = object;
      place = object.properties;
    }
    place[parts.at(-1) as string] = type;
  }
  return properties;
}

/** A team's own indices have the fields and the lifecycle of the platform's. */
export const ownTemplate = ({ pattern, priority }: LogIndex): Json => ({
  index_patterns: [pattern],
  data_stream: {},
  composed_of: ['mlops-logs-fields', 'mlops-logs-lifecycle'],
  priority,
});
