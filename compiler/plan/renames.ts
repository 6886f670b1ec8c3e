/** The same object under another name: recognised by what it says, since no spec tells. */
import type { Plain } from '../diff/state.ts';
import { parseAddress } from '../ir/address.ts';
import type { ObjectKind } from '../tools/change-rule.ts';
import type { Described } from './objects.ts';

type ByAddress = ReadonlyMap<string, Described>;

export interface Rename {
  from: string;
  to: string;
  /** What both say, as a sentence has it. */
  evidence: string;
}

/** Names of these can be changed on their own; other addresses follow from them. */
const RENAMED: readonly ObjectKind[] = [
  ...(['platform', 'owner', 'connection', 'entity', 'table', 'feature_view', 'feature', 'model'] as const),
  ...(['request_field', 'pipeline', 'step', 'environment', 'container', 'alert', 'dashboard', 'log_index'] as const),
];

/** Parts of other addresses that are called by the name of one of these. */
const CALLED: Record<string, string> = { model: 'service', feature_view: 'consumer', environment: 'alias' };

/** Outer objects first, so that what lies within one is looked for under its new name. */
export function renamesOf(base: ByAddress, head: ByAddress): { renames: Rename[]; moved: Map<string, Described> } {
  let moved = new Map(base);
  const renames: Rename[] = [];
  for (const depth of [2, 4]) {
    const of = (one: ByAddress, other: ByAddress) =>
      [...one].filter(([each, { of }]) => RENAMED.includes(of) && each.split('/').length === depth && !other.has(each));
    const found = pairs(of(moved, head), of(head, moved), moved, head);
    const homes = new Map([...moved].map(([each]) => [each, found.reduce(follow, each)]));
    renames.push(...found);
    moved = new Map([...moved].map(([each, object]) => [homes.get(each) ?? each, object]));
  }
  return { renames, moved };
}

/** Where an address of base stands once an object has its new name. */
function follow(address: string, { from, to }: Pick<Rename, 'from' | 'to'>): string {
  const starts = (text: string, prefix: string) => text === prefix || text.startsWith(`${prefix}/`);
  if (starts(address, from)) return to + address.slice(from.length);
  const [outer, name, ...rest] = address.split('/');
  const inner = rest.join('/');
  if (outer === 'model' && starts(inner, from)) return `${outer}/${name}/${to}${inner.slice(from.length)}`;
  const [kind = '', old] = from.split('/');
  const called = `${CALLED[kind]}/${old}`;
  return from.split('/').length === 2 && inner === called
    ? `${outer}/${name}/${CALLED[kind]}/${to.split('/')[1]}`
    : address;
}

type Entry = [address: string, described: Described];

/** Each pair whose halves are more like each other than like anything else. */
function pairs(removed: Entry[], added: Entry[], base: ByAddress, head: ByAddress): Rename[] {
  if (removed.length === 0 || added.length === 0) return [];
  const said = new Map(added.map(([to]) => [to, statedBy(to, head)]));
  const likeness = removed.flatMap(([from, { of }]) => {
    const stated = statedBy(from, base);
    return added
      .filter(([to, other]) => other.of === of && outerOf(to) === outerOf(from))
      .flatMap(([to]) => {
        const found = alike(stated, said.get(to) ?? new Map(), leastOf(of));
        return found ? [{ from, to, ...found }] : [];
      });
  });
  const isBest = (each: (typeof likeness)[number]) =>
    likeness.every(
      (other) => other === each || (other.from !== each.from && other.to !== each.to) || other.share < each.share,
    );
  return likeness.filter(isBest).map(({ from, to, evidence }) => ({ from, to, evidence }));
}

const outerOf = (address: string): string => address.split('/').slice(0, -2).join('/');

/** At least this share of what both state must be the same. */
const LEAST_SHARE = 0.6;
/** Type and unit are those of many a feature; an address or a pattern is hardly that of two objects. */
const leastOf = (of: ObjectKind): number => (of === 'feature' || of === 'request_field' ? 3 : 2);

function alike(one: Stated, other: Stated, least: number): { share: number; evidence: string } | null {
  const same = [...one].filter(([path, said]) => said.some((each) => other.get(path)?.includes(each)));
  const all = new Set([...one.keys(), ...other.keys()]).size;
  const share = same.length / Math.max(all, 1);
  const described = same.some(([path]) => path === 'description');
  if (share < LEAST_SHARE || (!described && same.length < least)) return null;
  const also = described ? ', the description among them' : '';
  return { share, evidence: `${same.length} of ${all} stated fields are the same${also}` };
}

/** Path → value of each stated field, of an object and of what lies within it; also with its own name left open. */
type Stated = ReadonlyMap<string, readonly string[]>;

function statedBy(address: string, all: ByAddress): Stated {
  const name = parseAddress(address)?.at(-1)?.name ?? '';
  const stated = [...all]
    .filter(([each]) => each === address || each.startsWith(`${address}/`))
    .flatMap(([each, { fields }]) =>
      Object.entries(fields)
        .filter(([key]) => key !== 'name' && key !== 'specDigest')
        .flatMap(([key, value]) => leaves(`${each.slice(address.length)}/${key}`.slice(1), value)),
    );
  return new Map(stated.map(([path, value]) => [path, [value, value.replaceAll(name, '*')]]));
}

/** What is stated within a value, by its path. */
function leaves(path: string, value: Plain): [path: string, value: string][] {
  if (!isStated(value)) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, each]) => leaves(`${path}/${key}`, each));
}

const isStated = (value: Plain): boolean =>
  value !== null && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0);
