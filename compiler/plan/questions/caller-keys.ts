import type { Environment } from '../../ir/types.ts';

/** Keys that are valid no longer. */
export const keysGone = (before: Environment, after: Environment): string[] =>
  before.proxy.keys.filter((key) => !after.proxy.keys.includes(key));

/** Whether callers are asked for a key, and were not; or the other way round. */
export const asksOtherwise = (before: Environment, after: Environment): boolean =>
  before.proxy.keys.length === 0 || after.proxy.keys.length === 0;
