/** Every name in the value of a spec: what it is the name of, and where its text stands. One walk serves every kind. */
import type { Path } from '../source/locate.ts';
import type { Kind } from './kinds.ts';
import { type NameKind, nameKinds, wholeName } from './name-kinds.ts';
import { type Position, positions, type Rule } from './positions.ts';
import {
  type Around,
  filled,
  implied,
  isTyped,
  type Named,
  type NamedSpec,
  namesOf,
  type Text,
  take,
  type Walk,
} from './text-names.ts';

/** The value need not be valid: what is not a text of the right place has no name. */
export function namesIn(kind: Kind, value: unknown, spec: NamedSpec): Named[] {
  const root = positions[kind];
  const walk: Walk = { spec, found: [], later: [] };
  const around: Around = { enclosing: new Map([['folder', spec.folder]]), as: '', map: [] };
  if (root) visit(root, value, [], around, walk);
  const known = new Map<string, readonly string[]>();
  for (const [rule, place] of walk.later)
    for (const scope of scopesOf(rule, place.around, walk, known))
      walk.found.push(...namesOf(rule, place, scope, walk));
  return walk.found;
}

function visit(position: Position, value: unknown, path: Path, outer: Around, walk: Walk): void {
  if (typeof value === 'string') visitText(position, value, path, withWords(position, outer, walk), walk);
  else if (Array.isArray(value)) visitList(position, value, path, withWords(position, outer, walk), walk);
  else if (typeof value === 'object' && value !== null) visitMap(position, value, path, outer, walk);
}

function withWords({ schema }: Position, around: Around, walk: Walk): Around {
  const as = schema['x-as'];
  return as === undefined ? around : { ...around, as: filled(as, around, walk) };
}

function visitText(position: Position, text: string, path: Path, around: Around, walk: Walk): void {
  const { schema, value, keys } = position;
  take(value, { text, path, part: 'value', schema, around, isImplied: false }, walk);
  // A word on a line of its own, where a map is meant, becomes its first key.
  if (isTyped(text, walk)) take(keys, { ...keyPlace(position, text, path), around }, walk);
}

function visitList(position: Position, list: readonly unknown[], path: Path, around: Around, walk: Walk): void {
  const { schema, value, items } = position;
  for (const [index, each] of list.entries()) {
    if (typeof each === 'string' && value.length > 0)
      take(
        value,
        { text: each, path: [...path, index], part: 'value', schema: schema.items ?? {}, around, isImplied: false },
        walk,
      );
    if (items) visit(items, each, [...path, index], around, walk);
  }
}

function visitMap(position: Position, map: object, path: Path, outer: Around, walk: Walk): void {
  const values = new Map(Object.entries(map));
  const enclosing = withOwnNames(position, values, outer, walk);
  const around = withWords(position, { ...outer, map: path, enclosing }, walk);
  for (const [key, below] of position.properties) {
    if (values.has(key)) visit(below, values.get(key), [...path, key], around, walk);
    else imply(below, [...path, key], around, walk);
  }
  if (position.keys.length === 0 && !position.others) return;
  for (const [key, value] of values) {
    if (Object.hasOwn(position.schema.properties ?? {}, key)) continue;
    take(position.keys, { ...keyPlace(position, key, [...path, key]), around: { ...around, map: outer.map } }, walk);
    if (!position.others) continue;
    const below = { ...around, enclosing: withKey(position, key, around.enclosing) };
    visit(position.others, value, [...path, key], below, walk);
  }
}

const keyPlace = ({ schema }: Position, text: string, path: Path): Omit<Text, 'around'> => ({
  text,
  path,
  part: 'key',
  schema: schema.propertyNames ?? {},
  isImplied: false,
});

/** What a map itself declares, such as a spec's `name`, encloses what stands in it. */
function withOwnNames(
  position: Position,
  values: Map<string, unknown>,
  outer: Around,
  walk: Walk,
): Around['enclosing'] {
  const enclosing = new Map(outer.enclosing);
  for (const [key, { value }] of position.properties)
    for (const rule of value.flat().filter(({ isDefinition }) => isDefinition)) {
      const stated = values.has(key) ? values.get(key) : implied(rule, outer, walk);
      if (typeof stated === 'string') enclose(enclosing, rule, stated);
    }
  return enclosing;
}

function withKey({ keys }: Position, key: string, outer: Around['enclosing']): Around['enclosing'] {
  const enclosing = new Map(outer);
  for (const rule of keys.flat()) enclose(enclosing, rule, key);
  return enclosing;
}

function enclose(enclosing: Map<NameKind, string>, { kind, form, of }: Rule, text: string): void {
  const { within } = nameKinds[kind];
  const scope = within ? enclosing.get(within) : null;
  if (form.length === 1 && of.length === 0 && scope !== undefined) enclosing.set(kind, wholeName(kind, scope, text));
}

function imply({ schema, value }: Position, path: Path, around: Around, walk: Walk): void {
  for (const rule of value.flat()) {
    const text = implied(rule, around, walk);
    if (text !== null) take([[rule]], { text, path, part: 'value', schema, around, isImplied: true }, walk);
  }
}

/** Whole names at the fields that a rule points at: those of the kind that its own kind stands within. */
function scopesOf(rule: Rule, { map }: Around, walk: Walk, known: Map<string, readonly string[]>): readonly string[] {
  const kind = nameKinds[rule.form[0]?.kind ?? rule.kind].within;
  const key = JSON.stringify([kind, rule.of, map]);
  const scopes = known.get(key) ?? [
    ...new Set(
      rule.of
        .map((field) => (field.startsWith('/') ? field.slice(1).split('/') : [...map, ...field.split('/')]))
        .flatMap((path) => walk.found.filter((each) => each.kind === kind && isBelow(each.path, path)))
        .map(({ name }) => name),
    ),
  ];
  known.set(key, scopes);
  return scopes;
}

const isBelow = (path: Path, above: Path): boolean =>
  path.length <= above.length + 1 && above.every((step, index) => step === path[index]);
