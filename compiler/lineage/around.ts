/** The part of a lineage around some of its things. */
import { parseAddress } from '../ir/address.ts';
import { nameOf } from '../plan/objects.ts';
import type { Lineage, Thing } from './lineage.ts';

export type Direction = 'both' | 'upstream' | 'downstream';

/** What a word may mean: an address, a name, or a kind and a name such as `model/churn`; with all that lies in it. */
export function meant(word: string, { things }: Lineage): Thing[] {
  const within = things.filter(({ address }) => address === word || address.startsWith(`${word}/`));
  if (parseAddress(word) && within.length > 0) return within;
  const named = things.filter(({ name }) => name === word);
  return named.length > 0
    ? named
    : things.filter(({ address, name }) => name.startsWith(`${word}.`) && isPart(address, word));
}

const isPart = (address: string, word: string): boolean => nameOf(address.split('/').slice(0, 2).join('/')) === word;

/** Address → the addresses that an edge leads to, and those that one comes from. */
export interface Ways {
  downstream: ReadonlyMap<string, string[]>;
  upstream: ReadonlyMap<string, string[]>;
}

export const waysIn = ({ edges }: Pick<Lineage, 'edges'>): Ways => ({
  downstream: grouped(edges.map(({ from, to }) => [from, to])),
  upstream: grouped(edges.map(({ from, to }) => [to, from])),
});

/** Themselves, and all that is up to so many edges away in that direction. */
export function reached(
  next: ReadonlyMap<string, string[]>,
  starts: readonly string[],
  depth = Number.POSITIVE_INFINITY,
): Set<string> {
  const steps = new Map(starts.map((each) => [each, 0]));
  for (const [address, taken] of steps)
    if (taken < depth) for (const each of next.get(address) ?? []) if (!steps.has(each)) steps.set(each, taken + 1);
  return new Set(steps.keys());
}

/** What they are made of, and what is made of them, up to so many edges away. */
export function around(lineage: Lineage, starts: readonly string[], direction: Direction, depth: number): Lineage {
  const { downstream, upstream } = waysIn(lineage);
  const kept = new Set([
    ...(direction === 'downstream' ? [] : reached(upstream, starts, depth)),
    ...(direction === 'upstream' ? [] : reached(downstream, starts, depth)),
  ]);
  return {
    format: 1,
    things: lineage.things.filter(({ address }) => kept.has(address)),
    edges: lineage.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)),
  };
}

function grouped(pairs: readonly (readonly [string, string])[]): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const [one, other] of pairs) {
    const list = all.get(one) ?? [];
    all.set(one, list);
    list.push(other);
  }
  return all;
}
