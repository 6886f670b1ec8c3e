/** Every key that specs may have, from the JSON Schemas, in their order. */
import type { Kind } from '../../compiler/spec-schema/kinds.ts';
import { type Schema, schemas } from '../../compiler/spec-schema/schemas.ts';

export interface Key {
  /** From the spec's root; `<name>` stands for any key of a map, `[]` for any item of a list. */
  path: readonly string[];
  schema: Schema;
  isRequired: boolean;
  /** The version that brought it. */
  since: string;
}

export const keysOf = (kind: Kind): Key[] => {
  const root = schemas[kind];
  return keysIn(root, [], sinceOf(root, ''));
};

const sinceOf = (schema: Schema, outer: string): string => schema['x-since'] ?? outer;

function keysIn(schema: Schema, path: readonly string[], since: string): Key[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const key = { path: [...path, name], schema: part, isRequired: schema.required?.includes(name) ?? false };
    return [{ ...key, since: sinceOf(part, since) }, ...keysIn(part, key.path, sinceOf(part, since))];
  });
  const { additionalProperties, items } = schema;
  return [
    ...own,
    ...(typeof additionalProperties === 'object' ? keysIn(additionalProperties, [...path, '<name>'], since) : []),
    ...(items ? keysIn(items, [...path, '[]'], since) : []),
  ];
}

/** `environments.<name>.ports`, as people write it. */
export const written = (path: readonly string[]): string => path.join('.').replaceAll('.[]', '[]');
