/** How many features a row may lack. */
import type { Plain } from '../../diff/state.ts';

/** In percent; without a limit all. */
export const most = (share: Plain | undefined): number =>
  typeof share === 'number' ? Number((share * 100).toPrecision(6)) : 100;
