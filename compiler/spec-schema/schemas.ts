/** The JSON Schemas of specs, with their references filled in. */
import type { Path } from '../source/locate.ts';
import common from './common.schema.json' with { type: 'json' };
import entity from './entity.schema.json' with { type: 'json' };
import feature_view from './feature_view.schema.json' with { type: 'json' };
import type { Kind } from './kinds.ts';
import model from './model.schema.json' with { type: 'json' };
import monitoring from './monitoring.schema.json' with { type: 'json' };
import pipeline from './pipeline.schema.json' with { type: 'json' };
import platform from './platform.schema.json' with { type: 'json' };
import policy from './policy.schema.json' with { type: 'json' };

export interface Schema {
  $ref?: string;
  description?: string;
  default?: unknown;
  /** A default that follows from another field, by that field's name and value. */
  'x-default-by'?: Record<string, Record<string, unknown>>;
  examples?: unknown[];
  /** The version that brought the key; those below it came with it unless they say otherwise. */
  'x-since'?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  items?: Schema;
  /** What a number means, alone or in a text: a word of `quantities.ts`. */
  'x-quantity'?: string;
  /** The field beside it that decides the range of a number. */
  'x-range-by'?: string;
  /** Where a text leads as a path. */
  'x-path'?: 'repository' | 'container';
  /** From where somebody connects to the address that stands here. */
  'x-reached-from'?: 'environment' | 'steps' | 'container';
  /** The code of the finding where a text breaks its pattern. */
  'x-code'?: string;
  /** What a text or number must be, in words. */
  'x-expected'?: string;
  /** What to do about a number beyond all that are known here. */
  'x-newer'?: string;
  /** What a text is the name of; on a list, what each of its texts is. Null: of nothing that is declared. */
  'x-declares'?: NameOf;
  'x-keys-declare'?: NameOf;
  'x-refers-to'?: NameOf | NameOf[] | null;
  'x-keys-refer-to'?: NameOf | NameOf[] | null;
  /** Who refers to the names in here, as messages say it: `the label of model {model}`. */
  'x-as'?: string;
}

/** Where a text names something, and how its whole name follows. */
export interface NameOf {
  kind: string;
  /** The text names something within something else: `{feature view}.{feature}`. Default: `{kind}`. */
  form?: string;
  /** The word that stands for all of them in the last part of the form. */
  all?: string;
  /** The fields that name what it stands within, from the map that holds this field, or with `/` from the spec. */
  of?: string | string[];
  /** The name where the field is not there; `{name}` is the spec's. */
  default?: string;
  /** Code of the finding where there is none of that name; null where a check of its own judges it. */
  unknown?: string | null;
  /** It names another one than the one it stands in. */
  other?: boolean;
  /** The type that a column must have, or `any`. */
  type?: string;
  /** The field below this one that states the column's type. */
  typeAt?: string;
}

type Root = Schema & { $defs?: Record<string, Schema> };

const written: Record<Kind, unknown> = {
  Platform: platform,
  Entity: entity,
  FeatureView: feature_view,
  Pipeline: pipeline,
  Model: model,
  Policy: policy,
  Monitoring: monitoring,
};

/** Each kind's schema, with every `$ref` replaced by what it leads to. */
export const schemas = Object.fromEntries(
  Object.entries(written).map(([kind, root]) => [kind, whole(root as Root, root as Root)]),
) as Record<Kind, Schema>;

function whole({ $ref, ...own }: Schema, root: Root): Schema {
  const [, file, name] = /^([^#]*)#\/\$defs\/(.+)$/.exec($ref ?? '') ?? [];
  const home = file === '' ? root : (common as Root);
  const target = name === undefined ? undefined : home.$defs?.[name];
  return { ...(target ? whole(target, home) : {}), ...withParts(own, root) };
}

function withParts(schema: Schema, root: Root): Schema {
  const { properties, additionalProperties, propertyNames, items } = schema;
  const all = (each: Record<string, Schema>): Record<string, Schema> =>
    Object.fromEntries(Object.entries(each).map(([key, part]) => [key, whole(part, root)]));
  return {
    ...schema,
    ...(properties && { properties: all(properties) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: whole(additionalProperties, root) }),
    ...(propertyNames && { propertyNames: whole(propertyNames, root) }),
    ...(items && { items: whole(items, root) }),
  };
}

/** The schema of the value at a path; null where nothing of the sort may stand. */
export function schemaAt(kind: Kind, path: Path): Schema | null {
  let schema: Schema | null = schemas[kind];
  for (const step of path) {
    if (!schema) return null;
    schema = schemaOf(schema, step);
  }
  return schema;
}

/** Of what a map has at a key, or a list at an index. */
export const schemaOf = (schema: Schema, step: string | number): Schema | null =>
  typeof step === 'number' ? (schema.items ?? null) : schemaOfKey(schema, step);

function schemaOfKey({ properties = {}, additionalProperties }: Schema, key: string): Schema | null {
  if (Object.hasOwn(properties, key)) return properties[key] ?? null;
  return typeof additionalProperties === 'object' ? additionalProperties : null;
}
