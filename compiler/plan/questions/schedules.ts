import type { Schedule } from '../../ir/types.ts';

/** Longest time between two runs; null where no clock decides. */
export const longest = (schedule: Schedule): number | null =>
  schedule.kind === 'cron' ? schedule.longestSeconds : null;
