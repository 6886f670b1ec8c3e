import type { Plain } from '../../diff/state.ts';

const MASKS: readonly (Plain | undefined)[] = [null, 'hash', 'drop'];

/** How little of a value a mask leaves. */
export const strength = (mask: Plain | undefined): number => MASKS.indexOf(mask ?? null);

export const masked = (mask: Plain | undefined): string =>
  ['as it is', 'as a hash', 'not at all'][strength(mask)] as string;
