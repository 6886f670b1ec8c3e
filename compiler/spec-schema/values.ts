/** Every value of a spec with the schema of its place: checks look for what the schema says of it. */
import type { Path } from '../source/locate.ts';
import type { Kind } from './kinds.ts';
import { type Schema, schemas } from './schemas.ts';

export interface PlacedValue {
  schema: Schema;
  path: Path;
  value: unknown;
}

/** The value must have passed its schema. Below what a schema leaves open, every value has the schema of the whole. */
export const valuesIn = (kind: Kind, value: unknown): PlacedValue[] => [...within(schemas[kind], value, [])];

function* within(schema: Schema, value: unknown, path: Path): Generator<PlacedValue> {
  yield { schema, path, value };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Array.isArray(value) ? value.entries() : Object.entries(value))
    yield* within(schemaBelow(schema, key), each, [...path, key]);
}

function schemaBelow(schema: Schema, key: string | number): Schema {
  const { properties = {}, additionalProperties, items } = schema;
  const stated = typeof key === 'number' ? items : Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (stated) return stated;
  return typeof additionalProperties === 'object' ? additionalProperties : schema;
}
