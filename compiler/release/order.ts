import type { LiveSide } from '../tools/live.ts';

/**
 * What is needed comes before what needs it; otherwise the order of their names. A side that is not there holds nobody
 * up.
 */
export function inOrder(sides: readonly LiveSide[]): LiveSide[] {
  const left = [...sides].sort((a, b) => (a.name < b.name ? -1 : 1));
  const ordered: LiveSide[] = [];
  while (left.length > 0) {
    const waiting = new Set(left.map(({ name }) => name));
    const next = left.findIndex(({ after }) => !after.some((name) => waiting.has(name)));
    if (next === -1) throw new Error(`the live sides ${[...waiting].join(', ')} wait for each other`);
    ordered.push(...left.splice(next, 1));
  }
  return ordered;
}
