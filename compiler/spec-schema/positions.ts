/** Where names stand in each kind of spec: `x-declares`, `x-refers-to` and their like, read from the schemas. */
import type { Kind } from './kinds.ts';
import { type NameKind, nameKinds } from './name-kinds.ts';
import { type NameOf, type Schema, schemas } from './schemas.ts';

/** A part of the text that names something, up to the text that parts it from the next. */
export interface FormPart {
  kind: NameKind;
  joint: string | null;
}

export interface Rule extends Omit<NameOf, 'kind' | 'form' | 'of'> {
  kind: NameKind;
  isDefinition: boolean;
  form: readonly FormPart[];
  of: readonly string[];
}

/** Rules for one text. Each list is of alternatives: the first whose form the text has counts. */
export type Rules = readonly (readonly Rule[])[];

/** A place in the values of a kind where names stand, or below which some do. */
export interface Position {
  schema: Schema;
  /** What the text here names, or each text of the list here. */
  value: Rules;
  /** What the keys here name. */
  keys: Rules;
  properties: ReadonlyMap<string, Position>;
  /** Below keys that the schema does not list. */
  others: Position | null;
  items: Position | null;
}

/** Null where nothing has a name, here and below. */
function positionOf(schema: Schema): Position | null {
  const { properties = {}, additionalProperties, items } = schema;
  const below = Object.entries(properties).flatMap(([key, each]) => {
    const position = positionOf(each);
    return position ? [[key, position] as const] : [];
  });
  const position: Position = {
    schema,
    value: rulesOf(schema['x-declares'], schema['x-refers-to']),
    keys: rulesOf(schema['x-keys-declare'], schema['x-keys-refer-to']),
    properties: new Map(below),
    others: typeof additionalProperties === 'object' ? positionOf(additionalProperties) : null,
    items: items ? positionOf(items) : null,
  };
  return hasNames(position) ? position : null;
}

const hasNames = ({ value, keys, properties, others, items }: Position): boolean =>
  value.length > 0 || keys.length > 0 || properties.size > 0 || others !== null || items !== null;

function rulesOf(declares: NameOf | undefined, refersTo: NameOf | NameOf[] | null | undefined): Rules {
  const references = [refersTo ?? []].flat().map((each) => ruleOf(each, false));
  return [...(declares ? [[ruleOf(declares, true)]] : []), ...(references.length > 0 ? [references] : [])];
}

function ruleOf({ kind, form = `{${kind}}`, of = [], ...rest }: NameOf, isDefinition: boolean): Rule {
  return { ...rest, kind: kindOf(kind), isDefinition, form: partsOf(form), of: [of].flat() };
}

/** `{file}:{function}` → file, up to a colon, and function. */
const partsOf = (form: string): FormPart[] =>
  [...form.matchAll(/\{([^}]+)\}([^{]*)/g)].map(([, kind = '', joint = '']) => ({
    kind: kindOf(kind),
    joint: joint === '' ? null : joint,
  }));

function kindOf(word: string): NameKind {
  if (!Object.hasOwn(nameKinds, word))
    throw new Error(`a schema speaks of a ${word}, which name-kinds.ts does not list`);
  return word as NameKind;
}

export const positions = Object.fromEntries(
  Object.entries(schemas).map(([kind, schema]) => [kind, positionOf(schema)]),
) as Record<Kind, Position | null>;

/** The name that follows from its spec's where the field at a path states none. */
export function impliedName(kind: Kind, path: readonly string[], spec: string): string {
  const position = path.reduce((within, key) => within?.properties.get(key) ?? null, positions[kind]);
  const rule = position?.value.flat().find((each) => each.default !== undefined);
  return (rule?.default ?? '').replace('{name}', spec);
}
