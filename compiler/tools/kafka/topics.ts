/** Topics as they must be, and the schema of what they carry. */
import { byText } from '../../diagnostics/diagnostic.ts';
import { named } from '../../ir/look-up.ts';
import type { FeatureView, Ir, ScalarType, Stream } from '../../ir/types.ts';
import type { Artifact } from '../../render/artifact.ts';
import { json } from '../../render/json.ts';

type StreamedView = FeatureView & { stream: Stream };

export const streamed = ({ featureViews }: Ir): StreamedView[] =>
  featureViews.filter((view): view is StreamedView => view.stream !== null);

export function topicsFile(ir: Ir): Artifact {
  const all = streamed(ir).flatMap(({ name, stream }) => [
    topic(stream.topic, stream, `feature view ${name}`),
    ...(stream.deadLetterTopic === null
      ? []
      : [
          topic(
            stream.deadLetterTopic,
            { ...stream, cleanup: 'delete' },
            `records of ${stream.topic} that could not be used`,
          ),
        ]),
  ]);
  const content = json({ topics: all.sort((a, b) => byText(a.name, b.name)) });
  return { path: 'common/kafka/topics.json', content, origin: null };
}

function topic(
  name: string,
  { partitions, replication, minInSync, cleanup, retentionSeconds }: Stream,
  purpose: string,
) {
  return {
    name,
    purpose,
    partitions,
    replication,
    config: {
      'cleanup.policy': cleanup,
      ...(minInSync === 1 ? {} : { 'min.insync.replicas': String(minInSync) }),
      'retention.ms': String(retentionSeconds * 1000),
    },
  };
}

const SEMANTICS =
  'A feature that is absent stays as it is; null says that it is missing from then on. ' +
  'A record without a value deletes: all features of its key are missing from then on.';

export function schemaFile(view: StreamedView, ir: Ir): Artifact {
  const { required, properties } = eventSchema(view, ir);
  const content = json({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: view.stream.topic,
    ...described([view.description, SEMANTICS].filter(Boolean).join(' ')),
    type: 'object',
    required,
    properties,
  });
  return { path: `common/kafka/schemas/${view.stream.topic}.json`, content, origin: view.origin.file };
}

type Property = {
  type: string | string[];
  format?: string;
  minimum?: number;
  maximum?: number;
  description?: string;
};

/** Of an event's value. A feature may be absent or null; the keys and the times may not. */
export function eventSchema(view: FeatureView, ir: Ir): { required: string[]; properties: Record<string, Property> } {
  const keys = view.entities.map((name) => {
    const entity = named(ir.entities, name);
    if (!entity) throw new Error(`the entity ${name} is not in the IR`);
    return { name: entity.joinKey, type: entity.type, description: entity.description };
  });
  const times = [view.batch.timestamp, ...(view.batch.created === null ? [] : [view.batch.created])];
  const properties: Record<string, Property> = {};
  for (const { name, type, description } of keys) properties[name] = { ...typeOf(type), ...described(description) };
  for (const name of times) properties[name] = { type: 'string', format: 'date-time' };
  for (const feature of view.features) properties[feature.name] = featureSchema(feature);
  return { required: [...keys.map(({ name }) => name), ...times], properties };
}

function featureSchema({ type, description, unit, min, max }: FeatureView['features'][number]): Property {
  // What lies outside the declared range is watched, not refused: the value is real, and the model may have to see it.
  const range = min === null && max === null ? '' : `Expected from ${min ?? '-∞'} to ${max ?? '∞'}.`;
  const text = [description, unit === null ? '' : `In ${unit}.`, range].filter(Boolean).join(' ');
  const { type: name, ...rest } = typeOf(type);
  return { type: [name, 'null'], ...rest, ...described(text) };
}

const described = (text: string) => (text === '' ? {} : { description: text });

function typeOf(type: ScalarType): Property & { type: string } {
  switch (type) {
    case 'bool':
      return { type: 'boolean' };
    case 'int32':
      return { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
    case 'int64':
      return { type: 'integer' };
    case 'float32':
    case 'float64':
      return { type: 'number' };
    case 'string':
      return { type: 'string' };
    case 'timestamp':
      return { type: 'string', format: 'date-time' };
  }
}
