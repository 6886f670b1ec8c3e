/**
 * Why each file of `generated/` differs from the one that is committed. Which objects a file comes from is found by
 * compiling: head with one object as it was in base gives other bytes just for the files that hold it. Pure.
 */
import { withoutPlaces } from '../ir/objects.ts';
import type { Ir } from '../ir/types.ts';
import type { Addressed } from '../ir/values.ts';
import type { PlannedChange } from './types.ts';

/** Files below `generated/` by path. */
export type Files = ReadonlyMap<string, string>;

export interface FileChange {
  path: string;
  kind: 'added' | 'changed' | 'removed';
  /**
   * changes: of what it is made; moved: only where in the specs that stands; rendering: the compiler that wrote it,
   * for this one writes the same of both sides; unexplained: none of these, which is a bug.
   */
  because: 'changes' | 'moved' | 'rendering' | 'unexplained';
  /** Of what changed or moved. */
  addresses: string[];
}

export interface Explaining {
  base: Ir | null;
  head: Ir;
  /** The plan's. */
  changes: readonly Pick<PlannedChange, 'address' | 'renamedFrom'>[];
  emit(ir: Ir): Files;
  /** What is committed in base: paths of files, and whether one holds just this text. */
  committed: { paths: ReadonlySet<string>; holds(path: string, text: string): boolean };
}

/** Sorted by path. */
export function explainedFiles(asked: Explaining): FileChange[] {
  const { base, head, committed, emit } = asked;
  const after = emit(head);
  const before = base ? emit(base) : new Map<string, string>();
  const found = [...new Set([...after.keys(), ...committed.paths])].sort().flatMap((path) => {
    const text = after.get(path);
    if (text !== undefined && committed.holds(path, text)) return [];
    const kind = text === undefined ? 'removed' : committed.paths.has(path) ? 'changed' : 'added';
    return [{ path, kind, isRendering: before.get(path) === text } as const];
  });
  const paths = found.filter(({ isRendering }) => !isRendering).map(({ path }) => path);
  const sources = paths.length === 0 ? new Map<string, Unit[]>() : sourcesOf(paths, before, after, asked);
  return found.map(({ path, kind, isRendering }): FileChange => {
    if (isRendering) return { path, kind, because: 'rendering', addresses: [] };
    return { path, kind, ...reasonOf(sources.get(path) ?? [], asked) };
  });
}

function reasonOf(units: readonly Unit[], { changes }: Explaining): Pick<FileChange, 'because' | 'addresses'> {
  const own = units.flatMap((unit) => unit.addresses);
  const isOwn = (address: string | undefined): boolean =>
    address !== undefined && own.some((outer) => address === outer || address.startsWith(`${outer}/`));
  const addresses = changes
    .filter(({ address, renamedFrom }) => isOwn(address) || isOwn(renamedFrom?.address))
    .map(({ address }) => address);
  if (addresses.length > 0) return { because: 'changes', addresses: [...new Set(addresses)].sort() };
  const moved = units.filter(({ isMoved }) => isMoved).flatMap((unit) => unit.addresses);
  return { because: moved.length > 0 ? 'moved' : 'unexplained', addresses: [...new Set(moved)].sort() };
}

/** Objects that are put back together. */
interface Unit {
  addresses: string[];
  /** Whether they differ in nothing but their places. */
  isMoved: boolean;
  /** A copy of one side, with these objects as the other side has them. */
  taken(into: Ir, from: Ir): Ir;
}

function sourcesOf(paths: readonly string[], before: Files, after: Files, { base, head, emit }: Explaining) {
  const empty = { ...head, ...Object.fromEntries(LISTS.map((list) => [list, []])) } as Ir;
  const units = unitsOf(base ?? empty, head);
  const sources = new Map<string, Unit[]>();
  const entangled: Unit[] = [];
  const belong = (unit: Unit, made: Files | null, usual: Files, among: readonly string[]): void => {
    if (!made) entangled.push(unit);
    else
      for (const path of among)
        if (made.get(path) !== usual.get(path)) sources.set(path, [...(sources.get(path) ?? []), unit]);
  };
  for (const unit of units) belong(unit, attempt(emit, unit.taken(head, base ?? empty)), after, paths);
  const rest = paths.filter((path) => !sources.has(path));
  // Where two changes each suffice, taking back one of them changes nothing.
  if (base && rest.length > 0)
    for (const unit of units) belong(unit, attempt(emit, unit.taken(base, head)), before, rest);
  // What only compiles together is told apart by nobody.
  for (const path of rest) if (!sources.has(path)) sources.set(path, entangled);
  return sources;
}

/** Null where half of a change is nothing that can be compiled. */
function attempt(emit: Explaining['emit'], ir: Ir): Files | null {
  try {
    return emit(ir);
  } catch {
    return null;
  }
}

const LISTS = [
  ...(['connections', 'entities', 'tables', 'featureViews', 'models', 'pipelines', 'environments'] as const),
  ...(['alerts', 'dashboards', 'logIndices'] as const),
] as const;
type List = (typeof LISTS)[number];

/** More are put back by their kind, so that the work has an end. */
const MOST = 24;

function unitsOf(base: Ir, head: Ir): Unit[] {
  const single = LISTS.flatMap((list) =>
    differing(base[list], head[list]).map((address) => unitOf(list, [address], base, head)),
  );
  const byList = LISTS.flatMap((list) => {
    const addresses = differing(base[list], head[list]);
    return addresses.length > 0 ? [unitOf(list, addresses, base, head)] : [];
  });
  const platform: Unit = {
    addresses: [base.platform.address, head.platform.address, ...ownersOf(base), ...ownersOf(head)],
    isMoved: isSame(withoutPlaces(base.platform), withoutPlaces(head.platform)),
    taken: (into, from) => ({ ...into, platform: from.platform }),
  };
  const isPlatform = !isSame(base.platform, head.platform);
  return [...(single.length > MOST ? byList : single), ...(isPlatform ? [platform] : [])];
}

const ownersOf = ({ platform }: Ir): string[] => platform.owners.map(({ address }) => address);

function unitOf(list: List, addresses: readonly string[], base: Ir, head: Ir): Unit {
  const chosen = new Set(addresses);
  const of = (ir: Ir): Addressed[] => (ir[list] as Addressed[]).filter(({ address }) => chosen.has(address));
  return {
    addresses: [...addresses],
    isMoved: isSame(withoutPlaces(of(base)), withoutPlaces(of(head))),
    taken: (into, from) => {
      const others = (into[list] as Addressed[]).filter(({ address }) => !chosen.has(address));
      // Names are sorted in every list, and nothing else is told from their order.
      const all = [...others, ...of(from)].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
      return { ...into, [list]: all };
    },
  };
}

const nameOf = (object: Addressed): string => String((object as Addressed & { name?: string }).name ?? object.address);

function differing(base: readonly Addressed[], head: readonly Addressed[]): string[] {
  const before = new Map(base.map((each) => [each.address, each]));
  const after = new Map(head.map((each) => [each.address, each]));
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (address) => !isSame(before.get(address), after.get(address)),
  );
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
