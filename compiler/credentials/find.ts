/** Every secret in what is read: all texts of specs, keys and comments included; Python and locks by certain looks. */
import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import type { Place } from '../diagnostics/diagnostic.ts';
import { type Path, placeAt, placesIn } from '../source/locate.ts';
import type { ParsedSpec } from '../source/parsed-spec.ts';
import { isKind } from '../spec-schema/kinds.ts';
import { type Schema, schemaOf, schemas } from '../spec-schema/schemas.ts';
import { certainSecrets, type Secret, secretsIn } from './recognise.ts';

/** A secret in a file. */
export interface Found {
  /** What the finding points at: the whole text that holds it. */
  at: Place;
  /** What is never shown, as offsets of the file. */
  hidden: [from: number, to: number];
  what: string;
  /** The secret itself. */
  text: string;
  isCertain: boolean;
  /** The kind of the spec, null for other files. */
  kind: string | null;
  path: Path;
}

const known = new WeakMap<ParsedSpec, Found[]>();

/** An editor asks again after each keystroke; the same object has not changed. */
export function secretsOfSpec(spec: ParsedSpec): Found[] {
  const found = known.get(spec) ?? inSpec(spec);
  known.set(spec, found);
  return found;
}

const MOST_KNOWN = 20_000;
const knownTexts = new Map<string, Secret[]>();

/** In Python, a lock, or YAML that is no spec: what a key says there is the team's business. */
export function secretsOfText(file: string, text: string): Found[] {
  const secrets = knownTexts.get(text) ?? certainSecrets(text);
  if (knownTexts.size > MOST_KNOWN) knownTexts.clear();
  knownTexts.set(text, secrets);
  const placeOf = placesIn(file, text);
  return secrets.map((each) => {
    const newline = text.slice(each.from, each.to).indexOf('\n');
    const at = placeOf(each.from, newline < 0 ? each.to - each.from : newline);
    return foundAt(each, {
      at,
      hidden: [each.from, each.to],
      kind: null,
      path: [],
      text: text.slice(each.from, each.to),
    });
  });
}

const foundAt = ({ what, isCertain }: Secret, rest: Omit<Found, 'what' | 'isCertain'>): Found => ({
  ...rest,
  what,
  isCertain,
});

function inSpec(spec: ParsedSpec): Found[] {
  const stated = (spec.value as { kind?: unknown } | undefined)?.kind;
  const kind = isKind(stated) ? stated : null;
  const walk = new Walk(spec, kind);
  const root = spec.document.contents as Node | null;
  walk.node(root, { path: [], key: null, schema: kind ? schemas[kind] : null });
  return [...walk.found, ...inComments(spec, walk.found, kind)];
}

interface Around {
  path: Path;
  /** The nearest key, for texts in lists, too. */
  key: string | null;
  /** Null where the schema leaves open what stands here. */
  schema: Schema | null;
}

class Walk {
  readonly found: Found[] = [];
  readonly #spec: ParsedSpec;
  readonly #kind: string | null;

  constructor(spec: ParsedSpec, kind: string | null) {
    this.#spec = spec;
    this.#kind = kind;
  }

  node(node: Node | null, around: Around): void {
    if (isMap(node)) this.#map(node.items, around);
    else if (isSeq(node)) this.#list(node.items as (Node | null)[], around);
    else if (isScalar(node) && !isAlias(node)) this.#text(node, around, isNamed(around) ? null : around.key);
  }

  #map(items: readonly unknown[], { path, schema }: Around): void {
    const pairs = items.filter(isPair);
    const named = nameOfValue(pairs as { key: unknown; value: unknown }[], schema);
    for (const { key, value } of pairs) {
      if (!isScalar(key)) continue;
      const name = String(key.value);
      const inner: Around = { path: [...path, name], key: name, schema: schema && schemaOf(schema, name) };
      this.#text(key, inner, null);
      const isOpen = schema?.additionalProperties === true;
      const isReference = !isOpen && pairs.length === 1 && name === 'secret' && isName(value);
      const under = isReference ? null : named !== null && name === 'value' ? named : name;
      if (isScalar(value) && (isReference || under !== name)) this.#text(value, inner, under);
      else this.node(value as Node | null, inner);
    }
  }

  #list(items: readonly (Node | null)[], { path, key, schema }: Around): void {
    const names = schema !== null && isNamed({ path, key, schema });
    let option: string | null = null;
    for (const [index, item] of items.entries()) {
      const inner: Around = { path: [...path, index], key, schema: schema && schemaOf(schema, index) };
      const text = isScalar(item) ? String(item.value) : '';
      // An argument after an option without its value: ["--password", "x"].
      if (isScalar(item) && option !== null && !text.startsWith('-')) this.#text(item, inner, option);
      else if (isScalar(item) && names) this.#text(item, inner, null);
      else this.node(item, inner);
      option = /^--?[A-Za-z][\w-]+$/.test(text) ? text.replace(/^-+/, '') : null;
    }
  }

  #text(node: Scalar, { path }: Around, key: string | null): void {
    const { value } = node;
    if (value === null || typeof value === 'boolean') return;
    const text = typeof value === 'string' ? value : (node.source ?? String(value));
    for (const each of secretsIn(text, key)) {
      const range = node.range ?? [0, 0, 0];
      const secret = text.slice(each.from, each.to);
      const at = placeAt(this.#spec.path, this.#spec.lines, firstLine(this.#spec.text, range), path);
      this.found.push(
        foundAt(each, { at, hidden: hiddenIn(this.#spec.text, range, secret), kind: this.#kind, path, text: secret }),
      );
    }
  }
}

/** It has a form or a meaning of its own, whatever its key is called: a type, a name of something. */
function isNamed({ schema }: Around): boolean {
  if (schema === null) return false;
  const refersTo = schema['x-refers-to'];
  return Boolean(schema.enum ?? schema.const ?? schema['x-declares'] ?? refersTo);
}

const isName = (value: unknown): boolean => isScalar(value) && /^[a-z][a-z0-9_-]{0,62}$/.test(String(value.value));

/** `{name: DB_PASSWORD, value: …}`: what the value stands under. */
function nameOfValue(pairs: readonly { key: unknown; value: unknown }[], schema: Schema | null): string | null {
  if (schema !== null) return null;
  const name = pairs.find(({ key }) => isScalar(key) && /^(name|key|variable)$/.test(String(key.value)))?.value;
  return isScalar(name) ? String(name.value) : null;
}

/** A block that spans lines is pointed at by its first. */
function firstLine(text: string, [start = 0, end = 0]: readonly number[]): [number, number] {
  const newline = text.indexOf('\n', start);
  return [start, newline >= start && newline < end ? newline : end];
}

/** All of the scalar where escapes or folded lines keep the secret from standing there as it is. */
function hiddenIn(text: string, [start = 0, end = 0]: readonly number[], secret: string): [number, number] {
  const at = text.slice(start, end).indexOf(secret);
  return at < 0 ? [start, end] : [start + at, start + at + secret.length];
}

/** Comments, and whatever the parser lost of a broken file. */
function inComments({ path: file, text }: ParsedSpec, found: readonly Found[], kind: string | null): Found[] {
  const isApart = ({ hidden: [from, to] }: Found): boolean =>
    !found.some(({ hidden }) => from < hidden[1] && hidden[0] < to);
  return [...secretsOfText(file, text), ...outCommented(file, text)].filter(isApart).map((each) => ({ ...each, kind }));
}

/** A setting that was taken out by a '#' before it is in Git as well. */
function outCommented(file: string, text: string): Found[] {
  const placeOf = placesIn(file, text);
  return [...text.matchAll(/^[ \t]*#[ \t]{0,8}(?:- )?([A-Za-z_][\w.-]{0,60}:[ \t]+\S[^\n]*)/gm)].flatMap((match) => {
    const [whole, setting = ''] = match;
    const [, key = '', value = ''] = /^([^:]+):\s+["']?([^\s"']+)["']?\s*(?:#.*)?$/.exec(setting) ?? [];
    const [secret] = /[0-9]/.test(value) && value.length >= 6 ? secretsIn(value, key) : [];
    if (!secret) return [];
    const from = match.index + whole.lastIndexOf(value);
    const rest = { hidden: [from, from + value.length] as [number, number], kind: null, path: [], text: value };
    return [foundAt(secret, { ...rest, at: placeOf(from, value.length) })];
  });
}
