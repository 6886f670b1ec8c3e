import type { Model, RequestField, ScalarType } from '../../ir/types.ts';
import type { Json } from '../../render/json.ts';

type Schema = { [keyword: string]: Json };

const dialect = 'https://json-schema.org/draft/2020-12/schema';

/** JSON Schema's spelling of our types; `format` where JSON's own types are too wide. */
const valueSchema: Record<ScalarType, Schema> = {
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  float32: { type: 'number', format: 'float' },
  float64: { type: 'number', format: 'double' },
  string: { type: 'string' },
  timestamp: { type: 'string', format: 'date-time' },
};

/** The API refuses longer texts (`KEY_CHARACTERS` and `TEXT_CHARACTERS` of the runtime's serving/requests.py). */
const KEY_CHARACTERS = 1_000;
const TEXT_CHARACTERS = 10_000;

const bounded = (type: ScalarType, maxLength: number): Schema => (type === 'string' ? { maxLength } : {});

interface ServedEntity {
  join_key: string;
  type: ScalarType;
  description: string;
}

/** The body of `POST /v1/models/<model>:predict`. */
export function requestSchema(model: Model, entities: ServedEntity[]): Schema {
  const properties = Object.fromEntries([
    ...entities.map((entity) => [entity.join_key, entitySchema(entity)]),
    ...model.request.map((field) => [field.name, fieldSchema(field)]),
  ]) as Schema;
  const timestamp = labelTimestampOf(model);
  const optional: Schema =
    timestamp === null
      ? {}
      : {
          [timestamp]: {
            ...valueSchema.timestamp,
            description: 'When what is predicted will be: a late label joins by it. May be left out.',
          },
        };
  const instance = closedObject(properties, {}, optional);
  return closedObject(
    { instances: { type: 'array', minItems: 1, maxItems: 1000, items: instance } },
    { $schema: dialect, title: `Request of ${model.name}` },
  );
}

/**
 * The field of an instance that says which label is its own; none where a key or a field of the request has that name.
 */
export function labelTimestampOf({ label, entities, request }: Model): string | null {
  const taken = [...entities.map(({ joinKey }) => joinKey), ...request.map(({ name }) => name)];
  return taken.includes(label.timestamp) ? null : label.timestamp;
}

export function responseSchema(model: Model): Schema {
  return closedObject(
    {
      model_name: { const: model.name },
      model_version: { type: 'string', description: 'Version in the model registry.' },
      request_id: { type: 'string' },
      predictions: {
        type: 'array',
        description: 'One for each instance, in their order.',
        items: valueSchema[model.output.type],
      },
      missing_features: {
        type: 'array',
        description: 'For each prediction the features that it was made without.',
        items: { type: 'array', items: { enum: model.features.map(({ input }) => input) } },
      },
    },
    { $schema: dialect, title: `Response of ${model.name}` },
  );
}

function closedObject(properties: Schema, annotations: Schema, optional: Schema = {}): Schema {
  const all = { ...properties, ...optional };
  return {
    ...annotations,
    type: 'object',
    properties: all,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

function entitySchema({ type, description }: ServedEntity): Schema {
  return { ...valueSchema[type], ...bounded(type, KEY_CHARACTERS), ...described(description) };
}

function fieldSchema({ type, description, unit, min, max, nullable }: RequestField): Schema {
  const text = [description, unit === null ? '' : `In ${unit}.`].filter(Boolean).join(' ');
  return {
    ...valueSchema[type],
    ...bounded(type, TEXT_CHARACTERS),
    ...(nullable ? { type: [valueSchema[type]['type'] as string, 'null'] } : {}),
    ...described(text),
    ...(min === null ? {} : { minimum: min }),
    ...(max === null ? {} : { maximum: max }),
  };
}

function described(description: string): Schema {
  return description === '' ? {} : { description };
}
