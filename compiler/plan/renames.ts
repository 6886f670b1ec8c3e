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
  const likeness = removed.flatMap(([from, { of }]) =>
    added
      .filter(([to, other]) => other.of === of && outerOf(to) === outerOf(from))
      .flatMap(([to]) => {
        const found = alike(statedBy(from, base), statedBy(to, head));
        return found ? [{ from, to, ...found }] : [];
      }),
  );
  const isBest = (each: (typeof likeness)[number]) =>
    likeness.every(
      (other) => other === each || (other.from !== each.from && other.to !== each.to) || other.share < each.share,
    );
  return likeness.filter(isBest).map(({ from, to, evidence }) => ({ from, to, evidence }));
}

const outerOf = (address: string): string => address.split('/').slice(0, -2).join('/');

/** At least this share of what both state must be the same. */
const LEAST_SHARE = 0.6;
const LEAST_FIELDS = 3;

function alike(one: ReadonlySet<string>, other: ReadonlySet<string>): { share: number; evidence: string } | null {
  const same = [...one].filter((each) => other.has(each));
  const all = new Set([...one, ...other]).size;
  const share = same.length / Math.max(all, 1);
  const described = same.some((each) => each.startsWith('description='));
  if (share < LEAST_SHARE || (!described && same.length < LEAST_FIELDS)) return null;
  const also = described ? ', the description among them' : '';
  return { share, evidence: `${same.length} of ${all} stated fields are the same${also}` };
}

/** `type=float64`, of an object and of what lies within it, with its own name left open. */
function statedBy(address: string, all: ByAddress): Set<string> {
  const name = parseAddress(address)?.at(-1)?.name ?? '';
  const open = (value: Plain): string => JSON.stringify(value).replaceAll(name, '*');
  return new Set(
    [...all]
      .filter(([each]) => each === address || each.startsWith(`${address}/`))
      .flatMap(([each, { fields }]) =>
        Object.entries(fields)
          .filter(([key, value]) => key !== 'name' && key !== 'specDigest' && isStated(value))
          .map(
            ([key, value]) => `${each === address ? '' : `${each.slice(address.length + 1)}/`}${key}=${open(value)}`,
          ),
      ),
  );
}

const isStated = (value: Plain): boolean =>
  value !== null && value !== '' && value !== false && !(typeof value === 'object' && Object.keys(value).length === 0);
