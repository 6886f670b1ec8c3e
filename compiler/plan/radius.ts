/** What a plan's changes reach, across tools. */
import { byText } from '../diagnostics/diagnostic.ts';
import { parseAddress } from '../ir/address.ts';
import { objectsByAddress } from '../ir/objects.ts';
import type { Ir } from '../ir/types.ts';
import { kindOf, nameOf } from './objects.ts';
import { ownerOf } from './owners.ts';
import type { PlannedChange, Reached } from './types.ts';
import { usesIn } from './uses.ts';
import { watchersIn, withOuters } from './watching.ts';

/** Of metadata nothing runs differently. */
const isFelt = ({ class: each, follows }: PlannedChange): boolean => each !== 'metadata' && !follows;

/** Sorted by address, each with the shortest way to it; what itself changed is left out. */
export function radiusOf(changes: readonly PlannedChange[], base: Ir | null, head: Ir): Reached[] {
  const sides = [head, ...(base ? [base] : [])].map((ir) => ({ ir, uses: usesIn(ir) }));
  const starts = changes.filter(isFelt).map(({ address }) => address);
  const found = new Map<string, Reached>();
  for (const { ir, uses } of sides)
    for (const { address, way } of reachedFrom(starts, uses)) {
      const of = kindOf(parseAddress(address) ?? []);
      const known = found.get(address);
      if (known && known.via.length <= way.length - 1) continue;
      const [from = '', ...via] = way;
      found.set(address, { address, of, name: nameOf(address), owner: ownerOf(address, ir), from, via });
    }
  const there = objectsByAddress(head);
  // What head no longer has is a change itself, or lies in one.
  const reached = [...found.values()].filter(({ address }) => there.has(address));
  return [...reached, ...watching(starts, reached, head)].sort((a, b) => byText(a.address, b.address));
}

/** What watches that which changed, or is reached. */
function watching(starts: readonly string[], reached: readonly Reached[], head: Ir): Reached[] {
  const watchers = watchersIn(head);
  const ways = [
    ...starts.map((address) => ({ address, from: address, via: [] as string[] })),
    ...reached.map(({ address, from, via }) => ({ address, from, via: [...via, address] })),
  ];
  const found = new Map<string, Reached>();
  for (const { address, from, via } of ways)
    for (const watcher of withOuters(address).flatMap((each) => watchers.get(each) ?? []))
      if (!found.has(watcher.address) && !starts.includes(watcher.address))
        found.set(watcher.address, { ...watcher, from, via });
  return [...found.values()];
}

/** Breadth first: a way is a shortest one. */
function reachedFrom(starts: readonly string[], uses: ReadonlyMap<string, ReadonlySet<string>>) {
  const ways = new Map<string, string[]>(starts.map((each) => [each, []]));
  for (const [address, way] of ways)
    for (const next of uses.get(address) ?? []) if (!ways.has(next)) ways.set(next, [...way, address]);
  return [...ways].filter(([, way]) => way.length > 0).map(([address, way]) => ({ address, way }));
}
