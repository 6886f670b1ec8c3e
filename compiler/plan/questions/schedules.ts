import type { Schedule } from '../../ir/types.ts';
import { listed } from '../../tools/change-rule.ts';

/** Longest time between two runs; null where no clock decides. */
export const longest = (schedule: Schedule): number | null =>
  schedule.kind === 'cron' ? schedule.longestSeconds : null;

/** How what it waits for differs, by the names of the assets; null where a clock starts it, before or after. */
export function otherAssets(before: Schedule, after: Schedule): string | null {
  if (before.kind !== 'assets' || after.kind !== 'assets') return null;
  const [was, is] = [namesOf(before), namesOf(after)];
  const more = is.filter((each) => !was.includes(each));
  const less = was.filter((each) => !is.includes(each));
  const said = [more.length > 0 && `starts after ${listed(more)}, too`, less.length > 0 && `not after ${listed(less)}`];
  if (more.length + less.length > 0) return said.filter(Boolean).join(', and ').replace(/^not/, 'no longer starts');
  return 'waits for the same tables and models, by other addresses or in other groups';
}

const namesOf = ({ anyOf }: Schedule & { kind: 'assets' }): string[] => [
  ...new Set(anyOf.flatMap((all) => all.map(({ name }) => name))),
];
