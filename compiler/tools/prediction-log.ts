import type { Model } from '../ir/types.ts';

const MEGABYTE = 2 ** 20;

/** What is kept of a model's log of predictions, for whoever writes it. */
export const logJson = ({ monitoring: { log } }: Model) => ({
  keep_days: log.keepDays,
  max_bytes: log.maxMegabytes * MEGABYTE,
});
