import { byText } from '../diagnostics/diagnostic.ts';

interface Waiting {
  name: string;
  needs: readonly string[];
}

/**
 * Steps after all that they need; among equals by name. What waits in a circle, or for a step that is not there, comes
 * last: the checks report it.
 */
export function inOrder<T extends Waiting>(steps: readonly T[]): T[] {
  const byName = [...steps].sort((a, b) => byText(a.name, b.name));
  const missing = new Map(byName.map((step) => [step, step.needs.length]));
  const followers = new Map<string, T[]>();
  for (const step of byName)
    for (const need of step.needs) {
      const known = followers.get(need);
      if (known) known.push(step);
      else followers.set(need, [step]);
    }
  const ready = byName.filter(({ needs }) => needs.length === 0).reverse();
  const ordered = new Set<T>();
  for (let next = ready.pop(); next; next = ready.pop()) {
    ordered.add(next);
    for (const follower of followers.get(next.name) ?? []) {
      const left = (missing.get(follower) ?? 0) - 1;
      missing.set(follower, left);
      if (left === 0) insert(follower, ready);
    }
  }
  return [...ordered, ...byName.filter((step) => !ordered.has(step))];
}

/** Into a list whose last is the first by name. */
function insert<T extends Waiting>(step: T, ready: T[]): void {
  let [low, high] = [0, ready.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (byText(ready[middle]?.name ?? '', step.name) > 0) low = middle + 1;
    else high = middle;
  }
  ready.splice(low, 0, step);
}
