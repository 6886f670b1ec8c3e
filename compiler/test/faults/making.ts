/**
 * How one fault is made: a value changed, removed, added or misspelt in a sound repository. Knows nothing of the
 * compiler.
 */
import {
  add,
  dataOf,
  type Files,
  kindOf,
  type Path,
  type Position,
  placeOf,
  placeOfKey,
  randomNumbers,
  remove,
  setKey,
  setValue,
  typo,
} from './repository.ts';

export interface Fault {
  /** Any of these is right where a mistake can be read in two ways. */
  codes: string[];
  what: string;
  files: Files;
  at: Position;
  /** The name that the help must tell, where the fault is a misspelt one. */
  meant: string | null;
}

// biome-ignore lint/suspicious/noExplicitAny: what a spec holds, read without the compiler's types
export type Value = Record<string, any>;

export interface Spec {
  file: string;
  name: string;
  text: string;
  value: Value;
}

export interface World {
  files: Files;
  platform: Spec;
  entities: Spec[];
  views: Spec[];
  pipelines: Spec[];
  models: Spec[];
  monitorings: Spec[];
  random: () => number;
}

const nameOf = (file: string, value: Value): string => {
  const parts = file.replace(/\.yaml$/, '').split('/');
  return value['name'] ?? (/^(pipeline|model)$/.test(parts.at(-1) ?? '') ? parts.at(-2) : parts.at(-1));
};

export function worldOf(files: Files, seed: number): World {
  const specs = [...files]
    .filter(([file]) => file.endsWith('.yaml'))
    .map(([file, text]) => ({ file, text, value: dataOf(text), name: '' }))
    .map((each) => ({ ...each, name: nameOf(each.file, each.value) }));
  const of = (kind: string) => specs.filter(({ text }) => kindOf(text) === kind);
  return {
    files,
    platform: of('Platform')[0] as Spec,
    entities: of('Entity'),
    views: of('FeatureView'),
    pipelines: of('Pipeline'),
    models: of('Model'),
    monitorings: of('Monitoring'),
    random: randomNumbers(seed),
  };
}

export const keysOf = (value: unknown): string[] => Object.keys((value ?? {}) as object);

export const changed = (
  world: World,
  codes: string,
  what: string,
  spec: Spec,
  path: Path,
  text: string,
  at?: (files: Files) => Position,
): Fault => {
  const files = setValue(world.files, spec.file, path, text);
  return {
    codes: codes.split(' '),
    what: `${what}: ${path.join('/')} ${text}`,
    files,
    at: at?.(files) ?? placeOf(files, spec.file, path),
    meant: null,
  };
};

export const removed = (
  world: World,
  codes: string,
  what: string,
  spec: Spec,
  path: Path,
  at: (files: Files) => Position,
): Fault => {
  const files = remove(world.files, spec.file, path);
  return { codes: codes.split(' '), what: `${what}: without ${path.join('/')}`, files, at: at(files), meant: null };
};

export const added = (
  world: World,
  codes: string,
  what: string,
  spec: Spec,
  path: Path,
  entry: string,
  at?: (files: Files) => Position,
): Fault => {
  const files = add(world.files, spec.file, path, entry);
  const key = entry.slice(0, entry.indexOf(':'));
  return {
    codes: codes.split(' '),
    what: `${what}: ${[...path, entry].join('/')}`,
    files,
    at: at?.(files) ?? placeOf(files, spec.file, [...path, key]),
    meant: null,
  };
};

export function misspelt(
  world: World,
  codes: string,
  what: string,
  spec: Spec,
  path: Path,
  name: string,
  prefix = '',
): Fault[] {
  const text = String(path.reduce<Value | undefined>((value, step) => value?.[step], spec.value));
  const begin = text.indexOf(name, prefix.length);
  if (name.length < 4 || begin < 0) return [];
  const wrong = typo(name, world.random);
  const quoted = world.files.get(spec.file)?.slice(0).includes(`"${text}"`) === true && /[^\w.*/: -]/.test(text);
  if (quoted) return [];
  const files = setValue(world.files, spec.file, path, text.slice(0, begin) + wrong + text.slice(begin + name.length));
  return [
    {
      codes: codes.split(' '),
      what: `${what} ${name} → ${wrong}`,
      files,
      at: placeOf(files, spec.file, path, begin),
      meant: name,
    },
  ];
}

export function misspeltKey(world: World, codes: string, what: string, spec: Spec, path: Path): Fault[] {
  const name = String(path.at(-1));
  if (name.length < 4) return [];
  const wrong = typo(name, world.random);
  const files = setKey(world.files, spec.file, path, wrong);
  return [
    {
      codes: codes.split(' '),
      what: `${what} ${name} → ${wrong}`,
      files,
      at: placeOfKey(files, spec.file, [...path.slice(0, -1), wrong]),
      meant: name,
    },
  ];
}

export const rootOf =
  (spec: Spec) =>
  (files: Files): Position =>
    placeOf(files, spec.file, []);

export const keyOf =
  (spec: Spec, path: Path) =>
  (files: Files): Position =>
    placeOfKey(files, spec.file, path);

export const valueAt =
  (spec: Spec, path: Path) =>
  (files: Files): Position =>
    placeOf(files, spec.file, path);
