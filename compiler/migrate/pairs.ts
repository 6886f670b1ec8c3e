/** Takes a key out of a spec's text, or moves it, and leaves every other byte as it is. */
import { isMap, isPair, isScalar, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Path } from '../source/locate.ts';
import type { ParsedSpec } from '../source/parsed-spec.ts';

interface Found {
  map: YAMLMap;
  pair: Pair;
  /** The pair that holds the map; null at the root. */
  holder: Pair | null;
}

interface Cut {
  start: number;
  end: number;
  to: string;
}

/** The text without the key; null where it is not there, or stands as nothing that can be cut. A comment stays. */
export function without(spec: ParsedSpec, path: Path): string | null {
  const found = find(spec, path);
  if (!found) return null;
  const taken = take(spec.text, found);
  if (!taken) return null;
  const { cuts, comments } = taken;
  return applied(spec.text, [
    ...cuts,
    ...(comments === '' ? [] : [{ start: cuts[0]?.start ?? 0, end: 0, to: comments }]),
  ]);
}

/** The text with the key moved into a map above it, first there; null where it cannot be, or is there already. */
export function moved(spec: ParsedSpec, path: Path, into: Path): string | null {
  const found = find(spec, path);
  const key = path.at(-1) ?? '';
  const target = mapAt(spec, into);
  const first = target?.items[0]?.key as Node | undefined;
  if (!found || !target || !first?.range || find(spec, [...into, key])) return null;
  const taken = take(spec.text, found);
  if (!taken) return null;
  const [start] = first.range;
  if (target.flow) return applied(spec.text, [...taken.cuts, { start, end: start, to: `${taken.pair}, ` }]);
  const line = lineStart(spec.text, start);
  const indent = spec.text.slice(line, start);
  if (indent.trim() !== '') return null;
  const end = newline(spec.text);
  const lines = taken.lines?.endsWith('\n') ? taken.lines : `${taken.lines ?? taken.pair}${end}`;
  const old = /^ */.exec(lines)?.[0].length ?? 0;
  const shifted = lines.replace(/^ *(?=\S)/gm, (has) => indent + has.slice(Math.min(has.length, old)));
  return applied(spec.text, [...taken.cuts, { start: line, end: line, to: shifted }]);
}

interface Taken {
  cuts: Cut[];
  /** `key: value`, on the lines that it stands on. */
  pair: string;
  /** Whole lines of a block, comments included; null in a flow map. */
  lines: string | null;
  /** What of these lines is comment. */
  comments: string;
}

function take(text: string, { map, pair, holder }: Found): Taken | null {
  const start = (pair.key as Node).range?.[0] ?? 0;
  const end = ((pair.value as Node | null) ?? (pair.key as Node)).range?.[1] ?? start;
  const own = text.slice(start, end);
  if (map.flow) return { cuts: [flowCut(text, map, pair, start, end)], pair: own, lines: null, comments: '' };
  const first = lineStart(text, start);
  if (text.slice(first, start).trim() !== '') return null;
  const last = lineEnd(text, end);
  const lines = text.slice(first, last);
  const cuts = [{ start: first, end: last, to: '' }];
  if (map.items.length === 1) {
    if (!holder) return null;
    // A map without a key would be nothing at all.
    const colon = text.indexOf(':', (holder.key as Node).range?.[1] ?? 0) + 1;
    cuts.push({ start: colon, end: colon, to: ' {}' });
  }
  const comment = /^\s*(#.*)$/.exec(text.slice(end, last).trimEnd())?.[1];
  return { cuts, pair: own, lines, comments: comment ? `${text.slice(first, start)}${comment}${newline(text)}` : '' };
}

function flowCut(text: string, map: YAMLMap, pair: Pair, start: number, end: number): Cut {
  const after = /^\s*,[ \t]*/.exec(text.slice(end))?.[0];
  if (after !== undefined) return { start, end: end + after.length, to: '' };
  const before = map.items[map.items.indexOf(pair as never) - 1];
  const from = ((before?.value ?? before?.key) as Node | undefined)?.range?.[1];
  const isPlain = from !== undefined && /^\s*,\s*$/.test(text.slice(from, start));
  return { start: isPlain ? from : start, end, to: '' };
}

const newline = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');
const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;
const lineEnd = (text: string, at: number): number => {
  // The value of a block may end with its own line.
  if (text[at - 1] === '\n') return at;
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
};

function applied(text: string, cuts: readonly Cut[]): string {
  return [...cuts]
    .sort((a, b) => b.start - a.start)
    .reduce((now, { start, end, to }) => now.slice(0, start) + to + now.slice(Math.max(start, end)), text);
}

function find(spec: ParsedSpec, path: Path): Found | null {
  let node = spec.document.contents as Node | null;
  let holder: Pair | null = null;
  for (const [index, step] of path.entries()) {
    if (!isMap(node)) return null;
    const map = node as YAMLMap;
    const pair = map.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
    if (!isPair(pair)) return null;
    if (index === path.length - 1) return { map, pair, holder };
    holder = pair;
    node = pair.value as Node | null;
  }
  return null;
}

function mapAt(spec: ParsedSpec, path: Path): YAMLMap | null {
  const node = find(spec, path)?.pair.value;
  return isMap(node) ? (node as YAMLMap) : null;
}
