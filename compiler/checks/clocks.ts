import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { valueAt } from '../link/declared.ts';
import { isRefused, readCron } from '../resolve/cron/read.ts';
import { breakOf, type ChangeOfClocks, changeOfClocks } from '../resolve/cron/rhythm.ts';
import { timezoneProblem } from '../resolve/cron/zone-problem.ts';
import type { ResolvedPipeline } from '../resolve/resolve.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PIP005: {
    severity: 'warning',
    title: 'A schedule in the hour in which clocks change',
    why: 'On two days of the year the run comes at another time, and its interval is an hour longer or shorter.',
    example: 'cron: "30 2 * * *" in Europe/Berlin',
    fix: 'Choose another hour, or `timezone: UTC`.',
  },
  PIP015: {
    severity: 'error',
    judgement: true,
    title: 'Intervals that do not join when clocks change',
    why: 'Airflow misplaces some ticks on such a day: data is skipped or read twice, or its scheduler is stuck.',
    example: 'cron: "*/30 2 * * *" in Europe/Berlin',
    fix: 'Choose another hour, or `timezone: UTC`.',
  },
});

const HELP = 'choose another hour, or `timezone: UTC`';

/** Schedules avoid hours that clocks skip or repeat. */
export const clocks: Check = {
  codes,
  run: ({ resolved }) => [...resolved.values()].flatMap(inTheHour),
};

function inTheHour({ pipeline: { schedule }, declared, path }: ResolvedPipeline): Finding[] {
  if (schedule.kind !== 'cron') return [];
  const { timezone } = schedule;
  const cron = readCron(schedule.cron);
  if (isRefused(cron) || timezoneProblem(timezone) !== null) return [];
  const at = valueAt(declared, ...path, 'schedule', 'cron');
  const gap = breakOf(cron, timezone);
  if (gap)
    return [
      finding(
        'PIP015',
        at,
        gap.stops
          ? `In ${timezone} the clocks change, and Airflow finds no next run after that of ${gap.day}, ${gap.from}.`
          : `In ${timezone} the clocks change on ${gap.day}, and Airflow's intervals do not join: ` +
              `one ends at ${gap.from}, the next begins at ${gap.to}.`,
        { help: gap.stops ? 'set `timezone: UTC`, or let it run on every day' : HELP },
      ),
    ];
  const change = changeOfClocks(cron, timezone);
  return change ? [finding('PIP005', at, moved(timezone, change), { help: HELP })] : [];
}

const moved = (timezone: string, { kind, time, runs, day }: ChangeOfClocks): string =>
  kind === 'gap'
    ? `In ${timezone} the clocks skip ${time} on days such as ${day}, so the run comes at ${runs}.`
    : `In ${timezone} the clocks repeat ${time} on days such as ${day}; the run comes the second time only.`;
