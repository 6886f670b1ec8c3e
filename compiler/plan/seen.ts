/** Every difference between two IRs, once, as rules look at it. */
import { type Change, differences } from '../diff/compare.ts';
import type { State } from '../diff/state.ts';
import type { Ir } from '../ir/types.ts';
import type { Objects, Seen } from '../tools/change-rule.ts';
import { type Described, describedObjects } from './objects.ts';
import { type Rename, renamesOf } from './renames.ts';

export interface Difference {
  seen: Seen;
  /** Of a renamed object. */
  rename: Rename | null;
}

type ByAddress = ReadonlyMap<string, Described>;

/** Sorted by address. What lies in an object that comes or goes as a whole belongs to that. */
export function seenBetween(base: ByAddress, head: ByAddress, sides: { base: Ir | null; head: Ir }): Difference[] {
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
      }));
    });
}

export const objectsOf = (ir: Ir | null): Map<string, Described> => (ir === null ? new Map() : describedObjects(ir));

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
