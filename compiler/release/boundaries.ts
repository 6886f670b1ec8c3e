/**
 * Every place at which a deploy may be cut, in the order in which it comes by. Whoever gives an `At` is called there;
 * the tests that inject faults do, so that a step that is new here is tried by itself.
 */
export const BOUNDARIES = [
  /** It holds the environment's lock. */
  'locked',
  /** A release is filled, and not in place. */
  'drafted',
  'released',
  /** The ledger has it. */
  'begun',
  /** It is known what serves, and nothing was changed. */
  'left',
  /** The link leads to the new release. */
  'switched',
  /** Aliases and processes are as wanted. */
  'started',
  /** A tool is about to be brought; of its name. */
  'asking',
  /** It has become what was asked for. */
  'brought',
  /** What was deployed when is written down. */
  'recorded',
  /** All else is done, and data is about to be dropped; of its address. */
  'dropping',
  /** It is gone for good. */
  'dropped',
  /** It failed, and what ran before is about to be brought back. */
  'undoing',
  /** The ledger is about to have its end. */
  'ending',
  'ended',
] as const;

export type Boundary = (typeof BOUNDARIES)[number];
export type At = (boundary: Boundary, of?: string) => void;

export const nowhere: At = () => {};
