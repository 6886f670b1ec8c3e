import { distance } from 'fastest-levenshtein';
import type { FindingDetails } from './diagnostic.ts';

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
    const edits = closeness(name, candidate);
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
  return (
    differing.length === 2 &&
    first !== undefined &&
    second === first + 1 &&
    a[first] === b[second] &&
    a[second] === b[first]
  );
}

export function didYouMean(name: string, candidates: Iterable<string>): string | null {
  const near = nearest(name, candidates);
  return near === null ? null : `did you mean '${near}'?`;
}

/**
 * Details of a finding about a misspelt name: the nearest of the candidates as help and as a fix, or else other help.
 */
export function spelling(name: string, candidates: Iterable<string>, otherwise: string | null = null): FindingDetails {
  const known = [...candidates];
  const near = nearest(name, known);
  if (near === null) return { help: otherwise };
  const others = known.filter((each) => each !== near && each !== name);
  const second = nearest(name, others);
  return respelt(name, near, second === null || closeness(name, second) > closeness(name, near));
}

/** The same, where it is known what was meant. */
export const respelt = (name: string, meant: string, safe = true): FindingDetails => ({
  help: `did you mean '${meant}'?`,
  fix: { title: `write '${meant}'`, safe, edits: [{ from: name, to: meant }] },
});

const closeness = (name: string, candidate: string): number =>
  isSwap(name, candidate) ? 1 : distance(name.toLowerCase(), candidate.toLowerCase());
