import type { Schedule } from '../../ir/types.ts';

/** Longest time between two runs; null where no clock decides. */
export const longest = (schedule: Schedule): number | null =>
  schedule.kind === 'cron' ? schedule.longestSeconds : null;

/** Of the fields that differ the first by name: a schedule is judged once, whatever it is made of. */
export const firstOfSchedule = (before: Schedule, after: Schedule): string | undefined =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort()
    .filter((key) => JSON.stringify(before[key as keyof Schedule]) !== JSON.stringify(after[key as keyof Schedule]))
    .map((key) => `schedule/${key}`)[0];
