/** Every difference between two IRs, once, as rules look at it. */

import { byText } from '../diagnostics/diagnostic.ts';
import { type Change, differences } from '../diff/compare.ts';
import type { Plain, State } from '../diff/state.ts';
import { parseAddress } from '../ir/address.ts';
import type { Ir } from '../ir/types.ts';
import type { Objects, Seen } from '../tools/change-rule.ts';
import type { Described } from './objects.ts';
import { type Rename, renamesOf } from './renames.ts';

export interface Difference {
  seen: Seen;
  /** Of a renamed object. */
  rename: Rename | null;
  /** Whether the field only names what was renamed. */
  isByName: boolean;
}

type ByAddress = ReadonlyMap<string, Described>;

/** Sorted by address. What lies in an object that comes or goes as a whole belongs to that. */
export function seenBetween(
  base: ByAddress,
  head: ByAddress,
  sides: { base: Ir | null; head: Ir; today: string },
): Difference[] {
  const { renames, moved } = renamesOf(base, head);
  const renamed = new Map(renames.map((each) => [each.to, each]));
  const found = differences(statesOf(head), statesOf(moved));
  const whole = new Set(found.filter(({ kind }) => kind !== 'update').map(({ address }) => address));
  return found
    .filter(({ kind, address }) => kind === 'update' || !outers(address).some((outer) => whole.has(outer)))
    .flatMap((change) => {
      const { address } = change;
      const rename = renamed.get(address) ?? null;
      const before = moved.get(address);
      const after = head.get(address);
      return partsOf(change, rename, before, after).map((part) => ({
        seen: { ...part, ...common(address, before, after), ...sides },
        rename: part.kind === 'renamed' ? rename : null,
        isByName: part.kind === 'changed' && isByName(part, renames),
      }));
    });
}

const statesOf = (all: ByAddress): State => new Map([...all].map(([address, { fields }]) => [address, fields]));

/** All shorter addresses that an address begins with. */
function outers(address: string): string[] {
  const words = address.split('/');
  return words.slice(1).map((_, index) => words.slice(0, index + 1).join('/'));
}

function common(address: string, before: Described | undefined, after: Described | undefined) {
  const { of, name } = (after ?? before) as Described;
  return {
    of,
    address,
    name,
    before: (before?.object ?? null) as Objects[typeof of] | null,
    after: (after?.object ?? null) as Objects[typeof of] | null,
  };
}

type Part = Pick<Seen, 'kind' | 'field' | 'from' | 'to'>;

function partsOf(change: Change, rename: Rename | null, before?: Described, after?: Described): Part[] {
  const whole = { field: '', from: before?.name, to: after?.name };
  if (change.kind === 'create') return [{ kind: 'added', ...whole }];
  if (change.kind === 'delete') return [{ kind: 'removed', ...whole }];
  const fields = change.fields
    .filter(({ path }) => !(rename && path === 'name'))
    .map(({ path, desired, observed }): Part => ({ kind: 'changed', field: path, from: observed, to: desired }));
  return rename ? [{ kind: 'renamed', ...whole }, ...fields] : fields;
}

/** Whether a value is the other once all names are the new ones; the order of names is theirs. */
function isByName({ from, to }: Part, renames: readonly Rename[]): boolean {
  const called = new Map(renames.map(({ from: old, to: now }) => [lastName(old), lastName(now)]));
  const renamed = (value: Plain | undefined): Plain | undefined => {
    if (typeof value === 'string') return value.replace(/[^/]+/g, (name) => called.get(name) ?? name);
    if (Array.isArray(value)) return value.map((each) => renamed(each) as Plain).sort(byJson);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamed(each) as Plain]));
  };
  const now = Array.isArray(to) ? [...to].sort(byJson) : to;
  return called.size > 0 && JSON.stringify(renamed(from)) === JSON.stringify(now);
}

const lastName = (address: string): string => parseAddress(address)?.at(-1)?.name ?? address;
const byJson = (a: Plain, b: Plain): number => byText(JSON.stringify(a), JSON.stringify(b));
