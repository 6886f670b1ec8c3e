import type { Inventory } from '../ir/inventory.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import type { NameKind } from '../spec-schema/name-kinds.ts';
import { namesIn } from '../spec-schema/names-in.ts';
import type { Spec } from '../spec-schema/spec.ts';
import type { Named } from '../spec-schema/text-names.ts';
import { Budget } from './deadline.ts';
import { type Declarations, type Declared, defaultName, wellFormed } from './declared.ts';
import { isFault, type PythonModule, readModule } from './python.ts';
import type { Fault } from './python-syntax.ts';
import { collectTables, type TableUse } from './tables.ts';

/**
 * Everything that the specs declare, and how it hangs together. Checks read this and return findings; lowering reads
 * it once they find no error.
 */
export interface Graph extends Declarations {
  /** All declarations of all kinds, duplicates included, in the order of their files. */
  declared: Declared<Kind>[];
  /**
   * Names declared by specs that failed an earlier stage. A reference to one of them is not a
   * mistake of its own.
   */
  broken: ReadonlySet<string>;
  /** Kinds of names of which such a spec declares one in a form that no name has: it may be any. */
  unnamed: ReadonlySet<NameKind>;
  /** Whether any spec of the kind failed: then what is missing may stand in it. */
  brokenKinds: ReadonlySet<Kind>;
  tables: Map<string, TableUse>;
  code: ReadonlyMap<string, string>;
  /** Python files that are there and were not read, with the reason. */
  unreadCode: ReadonlyMap<string, string>;
  locks: ReadonlyMap<string, string>;
  /** Whether the runtime's sources stand in the repository. */
  carriesRuntime: boolean;
  /** What is known of tools and hosts. */
  inventory: Inventory;
  /** The Python module at a path, parsed once; null where there is none, or none that Python would take. */
  module(path: string): PythonModule | null;
  /** Why the Python at a path is no module. */
  faultOf(path: string): Fault | null;
}

export interface LinkInput {
  specs: readonly Spec[];
  /** Files that did not even parse. */
  unreadable: readonly string[];
  code: ReadonlyMap<string, string>;
  unreadCode: ReadonlyMap<string, string>;
  locks: ReadonlyMap<string, string>;
  carriesRuntime: boolean;
  inventory: Inventory;
}

/** Null without a sound platform.yaml: every other check leans on it. */
export function buildGraph(input: LinkInput): Graph | null {
  const { specs, unreadable, code, unreadCode, locks, carriesRuntime, inventory } = input;
  const valid = specs.filter((spec) => spec.valid);
  const invalid = specs.filter((spec) => !spec.valid);
  const lost = invalid.flatMap(declaredIn);
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
    broken: new Set([
      ...invalid.map(nameOf),
      ...lost.filter(isWellFormed).map(({ bare }) => bare),
      ...unreadable.map((path) => wellFormed(defaultName(path))),
    ]),
    unnamed: new Set(lost.filter((each) => !isWellFormed(each)).map(({ kind }) => kind)),
    brokenKinds: new Set([...invalid.map(({ kind }) => kind), ...unreadable.flatMap(kindsOfFolder)]),
    tables: new Map(),
    code,
    unreadCode,
    locks,
    carriesRuntime,
    inventory,
    ...moduleReader(code),
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

/** What a spec that failed its schema declares all the same. */
const declaredIn = (spec: Spec): Named[] =>
  namesIn(spec.kind, spec.value, { name: nameOf(spec), folder: spec.folder }).filter(
    ({ isDefinition }) => isDefinition,
  );

const isWellFormed = ({ bare, schema }: Named): boolean =>
  schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(bare);

/** For all Python of a repository together, and for one file. */
const TIME = { all: 30_000, each: 10_000 };

function moduleReader(code: ReadonlyMap<string, string>): Pick<Graph, 'module' | 'faultOf'> {
  const budget = new Budget(TIME);
  const parsed = new Map<string, PythonModule | Fault>();
  const read = (path: string): PythonModule | Fault | null => {
    const text = code.get(path);
    if (text === undefined) return null;
    const found = parsed.get(path) ?? readModule(text, budget);
    parsed.set(path, found);
    return found;
  };
  return {
    module: (path) => {
      const found = read(path);
      return found === null || isFault(found) ? null : found;
    },
    faultOf: (path) => {
      const found = read(path);
      return found !== null && isFault(found) ? found : null;
    },
  };
}

function nameOf(spec: Spec): string {
  const stated = (spec.value as { name?: unknown } | undefined)?.name;
  return typeof stated === 'string' ? stated : wellFormed(defaultName(spec.path));
}

function kindsOfFolder(path: string): Kind[] {
  if (path.startsWith('features/')) return ['Entity', 'FeatureView'];
  if (path.startsWith('pipelines/')) return ['Pipeline'];
  if (path.startsWith('policies/')) return ['Policy'];
  if (path.startsWith('monitoring/')) return ['Monitoring'];
  return path.startsWith('models/') ? ['Model'] : ['Platform'];
}

/** The spec's own, else the innermost folder that is called like an owner, else the platform's default. */
export function ownerOf(declared: Declared<Kind>, graph: Graph): string {
  const stated = (declared.value as { owner?: string }).owner;
  const folder = declared.spec.folder.split('/').findLast((part) => Object.hasOwn(graph.platform.value.owners, part));
  return stated ?? folder ?? graph.platform.value.defaults?.owner ?? '';
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

/** Of schedules that state none. */
export const timezoneOf = ({ platform }: Pick<Graph, 'platform'>): string =>
  platform.value.defaults?.timezone ?? defaults.Platform.defaults.timezone;

/** The lock file of a folder that brings its own dependencies. */
export function lockOf(folder: string, { locks }: Pick<Graph, 'locks'>): string | null {
  const path = `${folder}/requirements.lock`;
  return locks.has(path) ? path : null;
}
