/** Texts between braces that hold a comma: YAML ends them there, and takes the rest for keys. */
import { isMap, isPair, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { type Path, placeAt } from '../source/locate.ts';
import type { ParsedSpec } from '../source/parsed-spec.ts';
import { finding } from './codes.ts';
import type { Kind } from './kinds.ts';
import { schemaAt } from './schemas.ts';

export interface CutText {
  /** Pointer of the map, and the keys in it that are the rest of a text. */
  map: string;
  keys: ReadonlySet<string>;
  finding: Finding;
}

export function cutTexts(spec: ParsedSpec, kind: Kind): CutText[] {
  return below(spec.document.contents as Node | null, []).flatMap(([map, path]) => inMap(map, path, spec, kind));
}

function below(node: Node | null, path: Path): [YAMLMap, Path][] {
  if (isSeq(node)) return node.items.flatMap((item, index) => below(item as Node | null, [...path, index]));
  if (!isMap(node)) return [];
  const inside = node.items.flatMap((pair) => below(pair.value as Node | null, [...path, keyOf(pair)]));
  return node.flow ? [[node, path], ...inside] : inside;
}

const keyOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : '');

const rangeOf = ({ key }: Pair): readonly number[] => (key as Node).range ?? [];

function inMap(map: YAMLMap, path: Path, spec: ParsedSpec, kind: Kind): CutText[] {
  const found: CutText[] = [];
  for (const [index, pair] of map.items.entries()) {
    if (!isFreeText(pair, path, kind)) continue;
    const next = map.items.findIndex((each, at) => at > index && !isBare(each));
    const rest = map.items.slice(index + 1, next < 0 ? undefined : next);
    const known = Object.keys(schemaAt(kind, path)?.properties ?? {});
    // What is a key, or almost, is one that lost its value.
    if (rest.length > 0 && !rest.some((each) => nearest(keyOf(each), known) !== null))
      found.push(cut(pair, rest, path, spec));
  }
  return found;
}

/** A key that nothing follows: `all airports.`. */
const isBare = (pair: unknown): boolean => isPair(pair) && pair.value === null && isScalar(pair.key);

/** Its value is written without quotes, and any text may stand there. */
function isFreeText(pair: Pair, path: Path, kind: Kind): boolean {
  if (!isScalar(pair.value) || pair.value.type !== 'PLAIN' || typeof pair.value.value !== 'string') return false;
  const schema = schemaAt(kind, [...path, keyOf(pair)]);
  return schema !== null && [schema.type].flat().includes('string') && !schema.pattern && !schema.enum;
}

function cut(pair: Pair, rest: readonly Pair[], path: Path, spec: ParsedSpec): CutText {
  const key = keyOf(pair);
  const [from = 0] = (pair.value as Node).range ?? [];
  const [first = from] = rangeOf(rest[0] as Pair);
  const [, end = first] = rangeOf(rest.at(-1) as Pair);
  const text = spec.text.slice(from, end).replace(/\s+/g, ' ');
  const at = (range: readonly number[]) => placeAt(spec.path, spec.lines, range, [...path, key]);
  return {
    map: path.map((step) => `/${String(step).replace(/~/g, '~0').replace(/\//g, '~1')}`).join(''),
    keys: new Set(rest.map(keyOf)),
    finding: finding(
      'SPC003',
      at(rangeOf(rest[0] as Pair)),
      `A comma ends the text of '${key}': between braces, '${keyOf(rest[0] as Pair)}' is a key of its own.`,
      {
        help: `put the whole text of '${key}' in quotes`,
        fix: {
          title: 'put it in quotes',
          safe: true,
          edits: [{ at: at([from, end]), from: null, to: quoted(text) }],
        },
      },
    ),
  };
}

const quoted = (text: string): string => (/["\\]/.test(text) ? `'${text.replaceAll("'", "''")}'` : `"${text}"`);
