/**
 * A repository's files as text, and edits of one value in them. Knows YAML, and nothing of the
 * compiler: what the seeder expects must not come from what it tries.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isMap, isPair, isScalar, isSeq, type Node, type Pair, parseDocument } from 'yaml';

export type Files = ReadonlyMap<string, string>;
export type Path = readonly (string | number)[];

export interface Position {
  file: string;
  line: number;
  column: number;
}

export function readRepository(root: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const folder of ['platform.yaml', 'features', 'pipelines', 'models', 'policies', 'monitoring']) {
    if (!existsSync(join(root, folder))) continue;
    const found = folder.endsWith('.yaml')
      ? [folder]
      : readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const name of found) {
      const path = folder.endsWith('.yaml') ? name : join(folder, name);
      if (/\.(yaml|py)$/.test(path) && !/(^|\/)(tests?|test_.*|__pycache__)(\/|$)/.test(path))
        files.set(relative('.', path), readFileSync(join(root, path), 'utf8'));
    }
  }
  return files;
}

export const kindOf = (text: string): string => /^kind: (\w+)/m.exec(text)?.[1] ?? '';
export const dataOf = (text: string): Record<string, unknown> => parseDocument(text).toJS() as Record<string, unknown>;

const documents = new Map<string, Node | null>();

/** Parsed once: a fault is looked for, made and placed in texts that have mostly been seen before. */
function contentsOf(text: string): Node | null {
  const known = documents.get(text);
  if (known !== undefined) return known;
  const contents = parseDocument(text).contents as Node | null;
  documents.set(text, contents);
  return contents;
}

interface Found {
  pair: Pair<Node, Node | null> | null;
  node: Node | null;
  parent: Node | null;
}

function find(text: string, path: Path): Found {
  let found: Found = { pair: null, node: contentsOf(text), parent: null };
  for (const step of path) {
    const { node } = found;
    if (isMap(node)) {
      const pair = node.items.find(
        (each) => isPair(each) && isScalar(each.key) && String(each.key.value) === String(step),
      );
      if (!pair) throw new Error(`no ${path.join('/')}`);
      found = { pair: pair as Pair<Node, Node | null>, node: pair.value as Node | null, parent: node };
    } else if (isSeq(node)) found = { pair: null, node: node.items[Number(step)] as Node, parent: node };
    else throw new Error(`no ${path.join('/')}`);
  }
  return found;
}

const rangeOf = (node: Node | null | undefined): [number, number] => [node?.range?.[0] ?? 0, node?.range?.[1] ?? 0];

export function has(text: string, path: Path): boolean {
  try {
    return find(text, path).node !== null;
  } catch {
    return false;
  }
}

export function positionAt(file: string, text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Where a value stands, `within` characters further on. */
export function placeOf(files: Files, file: string, path: Path, within = 0): Position {
  const text = files.get(file) ?? '';
  return positionAt(file, text, rangeOf(path.length === 0 ? find(text, []).node : find(text, path).node)[0] + within);
}

/** Where a key stands; for an item of a list, the item. */
export function placeOfKey(files: Files, file: string, path: Path): Position {
  const text = files.get(file) ?? '';
  const { pair, node } = find(text, path);
  return positionAt(file, text, rangeOf(pair?.key ?? node)[0]);
}

const splice = (files: Files, file: string, from: number, to: number, text: string): Files => {
  const old = files.get(file) ?? '';
  return new Map(files).set(file, old.slice(0, from) + text + old.slice(to));
};

/** The value at a path replaced by other text. */
export function setValue(files: Files, file: string, path: Path, text: string): Files {
  return splice(files, file, ...rangeOf(find(files.get(file) ?? '', path).node), text);
}

export function setKey(files: Files, file: string, path: Path, text: string): Files {
  return splice(files, file, ...rangeOf(find(files.get(file) ?? '', path).pair?.key), text);
}

/** A key and its value taken out, with the comma or the line that held them. */
export function remove(files: Files, file: string, path: Path): Files {
  const text = files.get(file) ?? '';
  const { pair, node, parent } = find(text, path);
  const [from] = rangeOf(pair?.key ?? node);
  const [, to] = rangeOf(pair ? (pair.value ?? pair.key) : node);
  if (isMap(parent) || isSeq(parent)) {
    if (parent.flow) {
      const after = /^,\s*/.exec(text.slice(to));
      const before = /,\s*$/.exec(text.slice(0, from));
      if (after) return splice(files, file, from, to + after[0].length, '');
      return splice(files, file, from - (before?.[0].length ?? 0), to, '');
    }
  }
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const end = text.indexOf('\n', to - 1 < from ? from : to - 1);
  return splice(files, file, start, end < 0 ? text.length : end + 1, '');
}

/** A key added to the map at a path: first in a flow map, as a line of its own before the first of a block. */
export function add(files: Files, file: string, path: Path, entry: string): Files {
  const text = files.get(file) ?? '';
  const { node } = find(text, path);
  if (!isMap(node)) throw new Error(`${path.join('/')} is no map`);
  const [from] = rangeOf(node);
  if (node.flow) return splice(files, file, from + 1, from + 1, `${entry}, `);
  const indent = from - (text.lastIndexOf('\n', from - 1) + 1);
  // At the root, `kind` stays the first line.
  if (path.length > 0) return splice(files, file, from, from, `${entry}\n${' '.repeat(indent)}`);
  const line = text.indexOf('\n', from) + 1;
  return splice(files, file, line, line, `${entry}\n`);
}

/** The same seed gives the same numbers on every machine (mulberry32, Tommy Ettinger 2017). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A slip of the keyboard: two neighbours swapped, a letter lost, doubled, or hit beside. */
export function typo(word: string, random: () => number): string {
  const beside: Record<string, string> = {
    a: 's',
    b: 'v',
    c: 'x',
    d: 'f',
    e: 'r',
    f: 'g',
    g: 'h',
    h: 'j',
    i: 'o',
    j: 'k',
    k: 'l',
    l: 'k',
    m: 'n',
    n: 'm',
    o: 'p',
    p: 'o',
    q: 'w',
    r: 't',
    s: 'd',
    t: 'r',
    u: 'i',
    v: 'b',
    w: 'e',
    x: 'c',
    y: 'u',
    z: 'x',
  };
  const letters = [...word].flatMap((letter, index) => (/[a-z]/.test(letter) && index > 0 ? [index] : []));
  for (let tries = 0; tries < 50; tries += 1) {
    const at = letters[Math.floor(random() * letters.length)] ?? 1;
    const letter = word[at] ?? '';
    const made = [
      word.slice(0, at - 1) + letter + (word[at - 1] ?? '') + word.slice(at + 1),
      word.slice(0, at) + word.slice(at + 1),
      word.slice(0, at) + letter + word.slice(at),
      word.slice(0, at) + (beside[letter] ?? letter) + word.slice(at + 1),
    ][Math.floor(random() * 4)] as string;
    if (made !== word && /^[a-z]/.test(made)) return made;
  }
  return `${word}x`;
}
