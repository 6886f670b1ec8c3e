/** What one text names, by the rules of its place. */
import type { Path } from '../source/locate.ts';
import { type Name, type NameKind, nameKinds, wholeName } from './name-kinds.ts';
import type { Rule, Rules } from './positions.ts';
import type { Schema } from './schemas.ts';

export interface Named extends Name {
  /** Whole name of what it stands within. */
  scope: string | null;
  /** Its own part of the whole name. */
  bare: string;
  isDefinition: boolean;
  /** Whether it stands in what it names. */
  isItself: boolean;
  rule: Rule;
  /** How its text may be written. */
  schema: Schema;
  /** Who names it, in words; empty where the schema does not say. */
  as: string;
  /** Where its text stands, as a key or as a value. */
  path: Path;
  part: 'key' | 'value';
  /** Its part of that text; null where nothing is written, and it follows from another name. */
  range: readonly [from: number, to: number] | null;
}

export interface NamedSpec {
  name: string;
  /** Folder of its file. */
  folder: string;
  /** In a text that is being typed: a character that marks the word at the cursor, which need not be whole. */
  cursor?: string;
}

export interface Around {
  /** Whole names of what one stands in, by kind. */
  enclosing: ReadonlyMap<NameKind, string>;
  as: string;
  /** Of the map that holds the field. */
  map: Path;
}

/** A text and where it stands. */
export interface Text {
  text: string;
  path: Path;
  part: 'key' | 'value';
  schema: Schema;
  around: Around;
  isImplied: boolean;
}

export interface Walk {
  spec: NamedSpec;
  found: Named[];
  /** Texts that lie within what another field names: looked at when all of these are known. */
  later: [Rule, Text][];
}

export const implied = ({ default: template }: Rule, around: Around, walk: Walk): string | null =>
  template === undefined ? null : filled(template, around, walk);

export const filled = (template: string, { enclosing }: Around, { spec }: Walk): string =>
  template.replace(/\{([^}]+)\}/g, (_, word: string) =>
    word === 'name' ? spec.name : (enclosing.get(word as NameKind) ?? ''),
  );

export const isTyped = (text: string, { spec }: Walk): boolean =>
  spec.cursor !== undefined && text.includes(spec.cursor);

/** Notes what a text names. */
export function take(rules: Rules, place: Text, walk: Walk): void {
  for (const rule of rules.flatMap((each) => fitting(each, place, walk))) {
    const { within } = nameKinds[rule.form[0]?.kind ?? rule.kind];
    const scope = within ? place.around.enclosing.get(within) : null;
    if (rule.of.length > 0) walk.later.push([rule, place]);
    else if (scope !== undefined) walk.found.push(...namesOf(rule, place, scope, walk));
  }
}

/** Of alternatives the first whose form the text has; while it is being typed, it may become any of them. */
const fitting = (alternatives: readonly Rule[], { text }: Text, walk: Walk): readonly Rule[] =>
  alternatives.length === 1 && alternatives[0]?.form.length === 1
    ? alternatives
    : isTyped(text, walk)
      ? alternatives
      : alternatives.filter((rule) => rangesOf(rule, text)).slice(0, 1);

function rangesOf({ form }: Rule, text: string): (readonly [number, number])[] | null {
  const ranges: (readonly [number, number])[] = [];
  let from = 0;
  for (const { joint } of form) {
    const to = joint === null ? text.length : text.indexOf(joint, from);
    if (to < 0) return null;
    ranges.push([from, to]);
    from = to + (joint ?? '').length;
  }
  return ranges;
}

/** A name for each part of a text's form; the first stands within `scope`, each other within the one before. */
export function namesOf(rule: Rule, place: Text, scope: string | null, walk: Walk): Named[] {
  const { text, around, isImplied } = place;
  const ranges = rangesOf(rule, text) ?? (isTyped(text, walk) ? [[0, text.length] as const] : []);
  const names: Named[] = [];
  for (const [index, range] of ranges.entries()) {
    const kind = rule.form[index]?.kind ?? rule.kind;
    const bare = text.slice(...range);
    const isLast = index === rule.form.length - 1;
    if (isLast && bare === rule.all) continue;
    const within = names.at(-1)?.name ?? scope;
    const name = wholeName(kind, within, bare);
    names.push({
      kind,
      name,
      scope: within,
      bare,
      isDefinition: rule.isDefinition && isLast,
      isItself: around.enclosing.get(kind) === name,
      rule,
      schema: place.schema,
      as: around.as,
      path: place.path,
      part: place.part,
      range: isImplied ? null : range,
    });
  }
  return names;
}
