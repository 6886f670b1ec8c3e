import type { Place } from '../diagnostics/diagnostic.ts';
import type { Fix } from '../diagnostics/fix.ts';
import { insertKey } from '../source/edit.ts';
import { type Path, placeOfKey, placeOfValue } from '../source/locate.ts';
import type { Kind, SpecTypes } from '../spec-schema/kinds.ts';
import type { Spec } from '../spec-schema/validate.ts';
import { type PythonModule, readModule } from './python.ts';
import { collectTables, type TableUse } from './tables.ts';

/** A named spec that passed its schema, with its links still as names. */
export interface Declared<K extends Kind> {
  name: string;
  spec: Spec<K>;
  value: SpecTypes[K];
}

/**
 * Everything the specs declare, by name, and how it hangs together. Checks read this and return
 * findings; lowering reads it once they are content.
 */
export interface Graph {
  platform: Declared<'Platform'>;
  entities: Map<string, Declared<'Entity'>>;
  views: Map<string, Declared<'FeatureView'>>;
  pipelines: Map<string, Declared<'Pipeline'>>;
  models: Map<string, Declared<'Model'>>;
  policies: Map<string, Declared<'Policy'>>;
  monitorings: Map<string, Declared<'Monitoring'>>;
  /** All declarations of all kinds, duplicates included, in the order of their files. */
  declared: Declared<Kind>[];
  /**
   * Names declared by specs that failed an earlier stage. A reference to one of them is not a
   * mistake of its own.
   */
  broken: ReadonlySet<string>;
  /** Whether any spec of the kind failed: then what is missing may stand in it. */
  brokenKinds: ReadonlySet<Kind>;
  tables: Map<string, TableUse>;
  code: ReadonlyMap<string, string>;
  locks: ReadonlyMap<string, string>;
  /** The Python module at a path, parsed once; null where there is none. */
  module(path: string): PythonModule | null;
}

export interface LinkInput {
  specs: readonly Spec[];
  /** Files that did not even parse. */
  unreadable: readonly string[];
  code: ReadonlyMap<string, string>;
  locks: ReadonlyMap<string, string>;
}

/** Null without a sound platform.yaml: every other check leans on it. */
export function buildGraph({ specs, unreadable, code, locks }: LinkInput): Graph | null {
  const valid = specs.filter((spec) => spec.valid);
  const invalid = specs.filter((spec) => !spec.valid);
  const declared = valid.map((spec) => ({ name: nameOf(spec), spec, value: spec.value }));
  const platform = declared.find((each): each is Declared<'Platform'> => each.spec.kind === 'Platform');
  if (!platform) return null;
  const graph: Graph = {
    platform,
    entities: byName(declared, 'Entity'),
    views: byName(declared, 'FeatureView'),
    pipelines: byName(declared, 'Pipeline'),
    models: byName(declared, 'Model'),
    policies: byName(declared, 'Policy'),
    monitorings: byName(declared, 'Monitoring'),
    declared,
    broken: new Set([...invalid.map(nameOf), ...unreadable.map(defaultName)]),
    brokenKinds: new Set([...invalid.map(({ kind }) => kind), ...unreadable.flatMap(kindsOfFolder)]),
    tables: new Map(),
    code,
    locks,
    module: moduleReader(code),
  };
  graph.tables = collectTables(graph);
  return graph;
}

function byName<K extends Kind>(declared: Declared<Kind>[], kind: K): Map<string, Declared<K>> {
  const found = new Map<string, Declared<K>>();
  for (const each of declared)
    if (each.spec.kind === kind && !found.has(each.name)) found.set(each.name, each as Declared<Kind> as Declared<K>);
  return found;
}

function moduleReader(code: ReadonlyMap<string, string>): Graph['module'] {
  const parsed = new Map<string, PythonModule>();
  return (path) => {
    const text = code.get(path);
    if (text === undefined) return null;
    const module = parsed.get(path) ?? readModule(text);
    parsed.set(path, module);
    return module;
  };
}

function nameOf(spec: Spec): string {
  const stated = (spec.value as { name?: unknown } | undefined)?.name;
  return typeof stated === 'string' ? stated : defaultName(spec.path);
}

/** A pipeline or model is called like its folder, everything else like its file. */
export function defaultName(path: string): string {
  const parts = path.replace(/\.ya?ml$/, '').split('/');
  const last = parts.at(-1) ?? '';
  return (last === 'pipeline' || last === 'model' ? parts.at(-2) : last) ?? last;
}

function kindsOfFolder(path: string): Kind[] {
  if (path.startsWith('features/')) return ['Entity', 'FeatureView'];
  if (path.startsWith('pipelines/')) return ['Pipeline'];
  if (path.startsWith('policies/')) return ['Policy'];
  if (path.startsWith('monitoring/')) return ['Monitoring'];
  return path.startsWith('models/') ? ['Model'] : ['Platform'];
}

export const valueAt = (declared: Declared<Kind>, ...path: Path): Place => placeOfValue(declared.spec.source, path);
export const keyAt = (declared: Declared<Kind>, ...path: Path): Place => placeOfKey(declared.spec.source, path);

/** The safe fix that puts a line into a map of a spec. */
export function inserting(title: string, declared: Declared<Kind>, path: Path, line: string): Fix | null {
  const edit = insertKey(declared.spec.source, path, line);
  return edit && { title, safe: true, edits: [edit] };
}

export const entitiesOf = (view: Declared<'FeatureView'>): string[] => [view.value.entity].flat();
export const tableOf = (view: Declared<'FeatureView'>): string => view.value.batch.table ?? view.name;
export const topicOf = (view: Declared<'FeatureView'>): string => view.value.stream?.topic ?? view.name;
export const joinKeyOf = (entity: Declared<'Entity'>): string => entity.value.join_key ?? entity.name;
export const predictionsOf = (model: Declared<'Model'>): string =>
  model.value.serving?.batch?.output ?? `${model.name}_predictions`;

/** `train.py:fit` beside its spec → path from the repository's root, and the function. */
export function resolveRun(spec: Spec, run: string): { file: string; function: string } {
  const colon = run.lastIndexOf(':');
  return { file: `${spec.folder}/${run.slice(0, colon)}`, function: run.slice(colon + 1) };
}

export interface FeatureReference {
  text: string;
  view: string;
  feature: string;
  index: number;
}

/** A model's feature references as written, `*` not yet expanded. */
export function referencesOf(model: Declared<'Model'>): FeatureReference[] {
  return model.value.features.map((text, index) => {
    const dot = text.indexOf('.');
    return { text, view: text.slice(0, dot), feature: text.slice(dot + 1), index };
  });
}

/** Names behind `view.feature` or `view.*`. */
export const featuresOf = (graph: Pick<Graph, 'views'>, view: string, feature: string): string[] =>
  feature === '*' ? Object.keys(graph.views.get(view)?.value.features ?? {}) : [feature];

/** The spec's own, else the innermost folder that is called like an owner, else the platform's default. */
export function ownerOf(declared: Declared<Kind>, graph: Graph): string {
  const stated = (declared.value as { owner?: string }).owner;
  const folder = declared.spec.folder.split('/').findLast((part) => Object.hasOwn(graph.platform.value.owners, part));
  return stated ?? folder ?? graph.platform.value.defaults?.owner ?? '';
}

/** A part of a text value, from one offset to another; the whole value where it spans lines or hides its characters. */
export function partAt(declared: Declared<Kind>, path: Path, from: number, to: number): Place {
  const at = placeOfValue(declared.spec.source, path);
  const line = declared.spec.source.text.split(/\r\n|\n/)[at.line - 1] ?? '';
  const quote = line[at.column - 1] === '"' || line[at.column - 1] === "'" ? (line[at.column - 1] ?? '') : '';
  if (at.endLine !== at.line || /^[|>]/.test(line.slice(at.column - 1))) return at;
  const raw = line.slice(at.column - 1 + quote.length, at.endColumn - 1 - quote.length);
  // In quotes, a quote is written as two characters.
  const widths = [
    ...raw.matchAll(quote === "'" ? /''|[\s\S]/g : quote === '"' ? /\\(?:x..|u....|[\s\S])|[\s\S]/g : /[\s\S]/g),
  ].map(([text]) => text.length);
  const width = (count: number): number => widths.slice(0, count).reduce((sum, each) => sum + each, 0);
  const start = at.column + quote.length + width(from);
  return { ...at, column: start, endColumn: Math.max(start + 1, at.column + quote.length + width(to)) };
}

const foldersOf = new WeakMap<Graph, Map<string, string[]>>();

/** Python files that stand in a folder, or below it. */
export function codeBelow(graph: Graph, folder: string): readonly string[] {
  const known = foldersOf.get(graph) ?? byFolder(graph.code.keys());
  foldersOf.set(graph, known);
  return known.get(folder) ?? [];
}

function byFolder(paths: Iterable<string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const path of paths)
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      const folder = path.slice(0, at);
      const known = found.get(folder);
      if (known) known.push(path);
      else found.set(folder, [path]);
    }
  return found;
}
