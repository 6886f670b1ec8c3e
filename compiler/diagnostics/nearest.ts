import type { FindingDetails } from './diagnostic.ts';
import { type Names, nameIndex } from './name-index.ts';

/**
 * The candidates nearest to a misspelt name, in order; none where none is near: at most a third of the name's length
 * away (and at least one, at most three edits). A swap of two neighbours counts as one edit, and case does not count.
 */
function closest(name: string, candidates: Names): string[] {
  const limit = Math.min(3, Math.max(1, Math.floor(name.length / 3)));
  const index = nameIndex(candidates);
  for (let edits = 0; edits <= limit; edits += 1) {
    const found = index.within(name, edits);
    if (found.length > 0) return found.sort((a, b) => common(name, b) - common(name, a) || (a < b ? -1 : 1));
  }
  return [];
}

/** How many characters both begin with: whoever slips has mostly begun as was meant. */
function common(name: string, other: string): number {
  let length = 0;
  while (length < name.length && name[length]?.toLowerCase() === other[length]?.toLowerCase()) length += 1;
  return length;
}

/** The nearest of the candidates, or null; a map or set of them is gone through once, however often it is asked. */
export const nearest = (name: string, candidates: Names): string | null => closest(name, candidates)[0] ?? null;

export function didYouMean(name: string, candidates: Names): string | null {
  const near = nearest(name, candidates);
  return near === null ? null : `did you mean '${near}'?`;
}

/**
 * Details of a finding about a misspelt name: the nearest of the candidates as help and as a fix, or else other help.
 */
export function spelling(
  name: string,
  candidates: Names,
  otherwise: string | null | (() => string) = null,
): FindingDetails {
  const [near, ...others] = closest(name, candidates);
  if (near !== undefined) return respelt(name, near, others.length === 0);
  return { help: typeof otherwise === 'function' ? otherwise() : otherwise };
}

/** The same, where it is known what was meant. */
export const respelt = (name: string, meant: string, safe = true): FindingDetails => ({
  help: `did you mean '${meant}'?`,
  fix: { title: `write '${meant}'`, safe, edits: [{ from: name, to: meant }] },
});
