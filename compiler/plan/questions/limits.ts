import type { Plain } from '../../diff/state.ts';

/** Whether more passes a limit than before: a floor falls, a ceiling rises, or either is taken away. */
export function isLooser(field: string, from: Plain | undefined, to: Plain | undefined): boolean {
  if (to === null || to === undefined) return true;
  if (from === null || from === undefined) return false;
  return field.endsWith('min') ? isLess(to, from) : isLess(from, to);
}

/** Of numbers, also of those that bring their own text. */
export const isLess = (one: Plain | undefined, other: Plain | undefined): boolean => numeric(one) < numeric(other);

const numeric = (value: Plain | undefined): number =>
  Number(typeof value === 'string' ? value.replace('\0', '') : (value ?? Number.NaN));
