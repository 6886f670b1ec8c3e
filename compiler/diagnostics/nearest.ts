import { distance } from 'fastest-levenshtein';

/**
 * The candidate nearest to a misspelt name, or null when none is near: at most a third of the
 * name's length away (and at least one, at most three edits); a swap of two neighbours counts as one.
 */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  const limit = Math.min(3, Math.max(1, Math.floor(name.length / 3)));
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const edits = isSwap(name, candidate) ? 1 : distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < bestDistance || (edits === bestDistance && best !== null && candidate < best)) {
      best = candidate;
      bestDistance = edits;
    }
  }
  return best;
}

function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const differing = [...a].flatMap((letter, index) => (letter === b[index] ? [] : [index]));
  const [first, second] = differing;
  return differing.length === 2 && first !== undefined && second === first + 1 && a[first] === b[second] && a[second] === b[first];
}

export function didYouMean(name: string, candidates: Iterable<string>): string | null {
  const near = nearest(name, candidates);
  return near === null ? null : `did you mean '${near}'?`;
}
