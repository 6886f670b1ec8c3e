import { createHash } from 'node:crypto';

/** Keys of all maps, reordered by a seed. */
export function shuffled(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((each) => shuffled(each, seed));
  if (typeof value !== 'object' || value === null) return value;
  const rank = (key: string) => createHash('sha256').update(`${seed} ${key}`).digest('hex');
  const entries = Object.entries(value).sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, shuffled(each, seed)]));
}
