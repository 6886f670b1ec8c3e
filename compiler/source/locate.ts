import { isMap, isPair, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import type { Place } from '../diagnostics/diagnostic.ts';
import { lineStarts, positionIn } from '../diagnostics/lines.ts';
import type { ParsedSpec } from './parsed-spec.ts';

export type Path = readonly (string | number)[];

/** Byte range → lines and columns; the last thing that happens to a position. */
export function placeAt(file: string, lines: LineCounter, range: readonly number[], path: Path): Place {
  const start = lines.linePos(range[0] ?? 0);
  const end = lines.linePos(Math.max(range[1] ?? 0, range[0] ?? 0));
  return {
    file,
    line: Math.max(1, start.line),
    column: Math.max(1, start.col),
    endLine: Math.max(1, end.line),
    endColumn: Math.max(1, end.col),
    path: path.join('/'),
  };
}

/** Where a value stands. A path that leads nowhere is answered with the nearest part that is there. */
export function placeOfValue(spec: ParsedSpec, path: Path): Place {
  return place(spec, path, 'value');
}

/** Where the key of a value stands; for an item of a list, the item. */
export function placeOfKey(spec: ParsedSpec, path: Path): Place {
  return place(spec, path, 'key');
}

const known = new WeakMap<ParsedSpec, Map<string, Place>>();

/** Checks ask for the same places again and again, and an editor at each key. */
function place(spec: ParsedSpec, path: Path, part: 'key' | 'value'): Place {
  const places = known.get(spec) ?? new Map<string, Place>();
  known.set(spec, places);
  const key = `${part} ${path.join('\u0000')}`;
  const found = places.get(key) ?? find(spec, path, part);
  places.set(key, found);
  return found;
}

function find(spec: ParsedSpec, path: Path, part: 'key' | 'value'): Place {
  let node = spec.document.contents as Node | null;
  let range: readonly number[] = node?.range ?? [0, 1];
  for (const [index, step] of path.entries()) {
    const pair = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : undefined;
    const item = isSeq(node) && typeof step === 'number' ? (node.items[step] as Node | undefined) : undefined;
    if (!isPair(pair) && !item) break;
    const key = pair?.key as Node | undefined;
    const value = (item ?? pair?.value ?? null) as Node | null;
    const isLast = index === path.length - 1;
    range = (isLast && part === 'key' && key ? key.range : rangeOfValue(value)) ?? key?.range ?? range;
    node = value;
  }
  return placeAt(spec.path, spec.lines, firstLine(spec, range), path);
}

const rangeOfValue = (node: Node | null): readonly number[] | undefined =>
  node?.range && node.range[1] > node.range[0] ? node.range : undefined;

/** A block that spans lines is pointed at by its first. */
function firstLine(spec: ParsedSpec, [start = 0, end = 0]: readonly number[]): [number, number] {
  const newline = spec.text.indexOf('\n', start);
  return [start, newline >= start && newline < end ? newline : end];
}

/** Places of stretches of any text, such as Python, by their offsets. */
export function placesIn(file: string, text: string): (offset: number, length: number) => Place {
  const starts = lineStarts(text);
  return (offset, length) => {
    const { line, column } = positionIn(starts, offset);
    return { file, line, column, endLine: line, endColumn: column + length, path: '' };
  };
}

const IN_QUOTES: Record<string, RegExp> = { "'": /''|[\s\S]/g, '"': /\\(?:x..|u....|[\s\S])|[\s\S]/g };

/** Part of a text, from one offset to another; the whole text where it spans lines or hides its characters. */
export function placeOfPart(spec: ParsedSpec, path: Path, part: 'key' | 'value', from: number, to: number): Place {
  const at = place(spec, path, part);
  const line = lineOf(spec, at.line);
  if (at.endLine !== at.line || /^[|>]/.test(line.slice(at.column - 1))) return at;
  const first = line[at.column - 1] ?? '';
  const quote = Object.hasOwn(IN_QUOTES, first) ? first : '';
  const raw = line.slice(at.column - 1 + quote.length, at.endColumn - 1 - quote.length);
  // In quotes, a quote is written as two characters.
  const widths = [...raw.matchAll(IN_QUOTES[quote] ?? /[\s\S]/g)].map(([text]) => text.length);
  const width = (count: number): number => widths.slice(0, count).reduce((sum, each) => sum + each, 0);
  const start = at.column + quote.length + width(from);
  return { ...at, column: start, endColumn: Math.max(start + 1, at.column + quote.length + width(to)) };
}

function lineOf({ text, lines }: ParsedSpec, line: number): string {
  const start = lines.lineStarts[line - 1] ?? text.length;
  return text.slice(start, lines.lineStarts[line] ?? text.length).replace(/\r?\n$/, '');
}
