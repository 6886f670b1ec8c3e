import type { Plain } from '../../diff/state.ts';

/** Type → those that hold each of its values exactly. */
const HELD: Record<string, readonly string[]> = { int32: ['int64', 'float64'], float32: ['float64'] };

/** Whether each value of one type is a value of the other, too. */
export const isWider = (from: Plain | undefined, to: Plain | undefined): boolean =>
  from === to || HELD[String(from)]?.includes(String(to)) === true;
