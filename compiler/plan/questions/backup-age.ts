import { time } from '../../tools/change-rule.ts';

/** Null is never. */
export const isAlertedSooner = (from: unknown, to: unknown): boolean =>
  (typeof to === 'number' ? to : Number.POSITIVE_INFINITY) <
  (typeof from === 'number' ? from : Number.POSITIVE_INFINITY);

const text = (age: unknown): string => (typeof age === 'number' ? `${time(age)} old` : 'any age');

export const backupAge = (from: unknown, to: unknown): string =>
  `its last backup may be ${text(to)} instead of ${text(from)}`;
