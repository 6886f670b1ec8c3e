import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Declared, valueAt } from '../link/declared.ts';
import { changeOfClocks, cronProblem, minutesOfWeek, minutesSince, timezoneProblem } from '../resolve/cron.ts';
import type { ResolvedGraph, ResolvedPipeline } from '../resolve/resolve.ts';
import { endsOf } from '../resolve/rhythm.ts';
import { shortestOf } from '../resolve/schedule.ts';
import { spoken } from '../spec-schema/units.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PIP005: {
    severity: 'warning',
    title: 'A schedule in the hour in which clocks change',
    why: 'On one day of the year the run is skipped, or happens twice.',
    example: 'cron: "30 2 * * *" in Europe/Berlin',
    fix: 'Choose another hour, or `timezone: UTC`.',
  },
  PIP009: {
    severity: 'error',
    judgement: true,
    title: 'Training starts before its data is ready',
    why: 'It reads outdated data, or an incomplete update.',
    example: 'train.schedule at the same minute as the pipeline that writes its tables',
    fix: 'Let training follow: `schedule: {after: [TABLE]}`.',
  },
});

/** Schedules avoid hours that clocks skip or repeat, and training starts after its data is written. */
export const clocks: Check = {
  codes,
  run: (graph) => [...skipped(graph), ...graph.derived.flatMap((each) => tooEarly(graph, each))],
};

function skipped({ resolved }: ResolvedGraph): Finding[] {
  return [...resolved.values()].flatMap(({ pipeline: { schedule }, declared, path }) => {
    if (schedule.kind !== 'cron') return [];
    const { cron, timezone } = schedule;
    if (cronProblem(cron) !== null || timezoneProblem(timezone) !== null) return [];
    const change = changeOfClocks(cron, timezone);
    if (!change) return [];
    return [
      finding(
        'PIP005',
        valueAt(declared, ...path, 'schedule', 'cron'),
        change.kind === 'gap'
          ? `In ${timezone} the clocks skip ${change.time} on days such as ${change.day}, so the run is skipped ` +
              'or late.'
          : `In ${timezone} the clocks repeat ${change.time} on days such as ${change.day}, so the run is ` +
              'doubled or early.',
        { help: 'choose another hour, or `timezone: UTC`' },
      ),
    ];
  });
}

/** Training on its own schedule may start while a producer of its data is still running. */
function tooEarly(graph: ResolvedGraph, training: ResolvedPipeline): Finding[] {
  const { schedule, derivedFrom, steps } = training.pipeline;
  if (derivedFrom?.purpose !== 'train' || schedule.kind !== 'cron' || cronProblem(schedule.cron) !== null) return [];
  const trained = minutesOfWeek(schedule.cron);
  const { label } = (training.declared as Declared<'Model'>).value;
  for (const table of new Set([label.table, ...steps.flatMap(({ reads }) => reads)])) {
    const write = graph.tables.get(table)?.writes[0];
    const producer = write && graph.resolved.get(write.pipeline);
    if (!write || !producer) continue;
    const producing = producer.pipeline.schedule;
    if (producing.kind !== 'cron' || shortestOf(producing) === null) continue;
    if (producing.timezone !== schedule.timezone) continue;
    const takes = Math.ceil((endsOf(producer.pipeline).get(write.step) ?? 0) / 60);
    const since = minutesSince(producing.cron);
    if (!trained.some((minute) => (since[minute] ?? takes) < takes)) continue;
    const { name } = producer.pipeline;
    return [
      finding(
        'PIP009',
        valueAt(training.declared, 'train', 'schedule', 'cron'),
        `Training of ${derivedFrom.model} starts while pipeline ${name} may still be writing table ${table}, ` +
          `which takes up to ${spoken(takes * 60)}.`,
        {
          help: `let training follow the table (\`schedule: {after: [${table}]}\`), or start it later`,
          related: [
            {
              message: `pipeline ${name} starts on this schedule`,
              at: valueAt(producer.declared, ...producer.path, 'schedule', 'cron'),
            },
          ],
        },
      ),
    ];
  }
  return [];
}
