/** Every place at which a backup or a restore may be cut; the tests that kill them are called there. */
export const BOUNDARIES = {
  backup: ['locked', 'databases', 'copied', 'flushed', 'placed', 'drafted', 'ended'],
  keep: ['verified', 'forgotten', 'removed'],
  restore: ['locked', 'checked', 'filled', 'flushed', 'served', 'aside', 'swapped', 'ended'],
} as const;

export type Boundary = (typeof BOUNDARIES)[keyof typeof BOUNDARIES][number];
export type At = (boundary: Boundary) => void;

export const nowhere: At = () => {};
