import type { Plain } from '../../diff/state.ts';

/** An expression up to the number that its last comparison is with. */
const COMPARISON = /^([\s\S]*?)(<=|>=|<|>)\s*(-?[\d.]+(?:e[+-]?\d+)?)\s*$/i;

/** How an alert's threshold moved, where nothing else of its expression differs; null otherwise. */
export function threshold(from: Plain | undefined, to: Plain | undefined) {
  const [was, is] = [COMPARISON.exec(String(from)), COMPARISON.exec(String(to))];
  if (!was || !is || was[1] !== is[1] || was[2] !== is[2] || Number(was[3]) === Number(is[3])) return null;
  const isHigher = Number(is[3]) > Number(was[3]);
  return { from: Number(was[3]), to: Number(is[3]), isLooser: isHigher === (is[2] ?? '').startsWith('>') };
}
