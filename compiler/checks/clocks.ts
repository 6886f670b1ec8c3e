import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { attemptsOf, intervalOf } from '../link/attempts.ts';
import { type Declared, valueAt } from '../link/declared.ts';
import { type Graph, timezoneOf } from '../link/graph.ts';
import { changeOfClocks, cronProblem, minutesOfWeek, timezoneProblem } from '../link/schedule.ts';
import { needsOf } from '../link/steps.ts';
import { spoken } from '../spec-schema/units.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PIP005: {
    severity: 'warning',
    title: 'A schedule in the hour when clocks change',
    why: 'The run is skipped, or comes twice, on one day of the year.',
    example: 'cron: "30 2 * * *" in Europe/Berlin',
    fix: 'Choose another hour, or `timezone: UTC`.',
  },
  PIP009: {
    severity: 'error',
    judgement: true,
    title: 'Training begins before its data is there',
    why: 'It reads what was published before, or half of what belongs together.',
    example: 'train.schedule at the same minute as the pipeline that writes its tables',
    fix: 'Let training follow: `schedule: {after: [TABLE]}`.',
  },
});

/** Schedules fall in hours that there are, and after what they need. */
export const clocks: Check = {
  codes,
  run: (graph) => [...skipped(graph), ...[...graph.models.values()].flatMap((model) => tooEarly(graph, model))],
};

function skipped(graph: Graph): Finding[] {
  const zone = timezoneOf(graph);
  const stated = [
    ...[...graph.pipelines.values()].map((each) => ({
      schedule: each.value.schedule,
      at: () => valueAt(each, 'schedule', 'cron'),
    })),
    ...[...graph.models.values()].flatMap((each) => [
      { schedule: each.value.train.schedule, at: () => valueAt(each, 'train', 'schedule', 'cron') },
      {
        schedule: each.value.serving?.batch?.schedule,
        at: () => valueAt(each, 'serving', 'batch', 'schedule', 'cron'),
      },
    ]),
  ];
  return stated.flatMap(({ schedule, at }) => {
    const cron = schedule?.cron;
    const timezone = schedule?.timezone ?? zone;
    if (cron === undefined || cronProblem(cron) !== null || timezoneProblem(timezone) !== null) return [];
    const change = changeOfClocks(cron, timezone);
    if (!change) return [];
    return [
      finding(
        'PIP005',
        at(),
        `In ${timezone} the hour of ${change.time} is ${change.kind === 'gap' ? 'left out' : 'there twice'} when the clocks change (as on ${change.day}): the run is ${change.kind === 'gap' ? 'skipped or late' : 'doubled or early'}.`,
        { help: 'choose another hour, or `timezone: UTC`' },
      ),
    ];
  });
}

const WEEK = 7 * 24 * 60;

/** Training at a time of its own may begin while a producer of what it reads still runs. */
function tooEarly(graph: Graph, model: Declared<'Model'>): Finding[] {
  const cron = model.value.train.schedule?.cron;
  const zone = timezoneOf(graph);
  if (cron === undefined || cronProblem(cron) !== null) return [];
  const tables = new Set([
    model.value.label.table,
    ...model.value.features.flatMap((text) => {
      const view = graph.views.get(text.slice(0, text.indexOf('.')));
      return view ? [view.value.batch.table ?? view.name] : [];
    }),
  ]);
  const trained = minutesOfWeek(cron);
  for (const table of tables) {
    const write = graph.tables.get(table)?.writes[0];
    const producer = write && graph.pipelines.get(write.pipeline);
    const interval = producer ? intervalOf(producer.value.schedule, 'shortest') : null;
    const producing = producer?.value.schedule?.cron;
    if (!write || !producer || interval === null || producing === undefined) continue;
    if ((producer.value.schedule?.timezone ?? zone) !== (model.value.train.schedule?.timezone ?? zone)) continue;
    const takes = Math.ceil(timeUntil(graph, producer, write.step, interval) / 60);
    const begun = minutesOfWeek(producing);
    const clash = trained.find((minute) => begun.some((start) => (minute - start + WEEK) % WEEK < takes));
    if (clash === undefined) continue;
    return [
      finding(
        'PIP009',
        valueAt(model, 'train', 'schedule', 'cron'),
        `Training of ${model.name} begins while pipeline ${producer.name} may still be writing table ${table}, which takes up to ${spoken(takes * 60)}.`,
        {
          help: `let training follow it: \`schedule: {after: [${table}]}\`; or begin later`,
          related: [
            { message: `pipeline ${producer.name} begins on this schedule`, at: valueAt(producer, 'schedule', 'cron') },
          ],
        },
      ),
    ];
  }
  return [];
}

/** Longest time in seconds from the start of a pipeline to the end of a step, each step at its first attempt. */
export function timeUntil(graph: Graph, pipeline: Declared<'Pipeline'>, step: string, interval: number | null): number {
  const needs = needsOf(pipeline.value);
  const known = new Map<string, number>();
  const until = (name: string, seen: ReadonlySet<string>): number => {
    const found = known.get(name);
    if (found !== undefined) return found;
    if (seen.has(name)) return 0;
    const before = (needs.get(name) ?? []).map((each) => until(each, new Set([...seen, name])));
    const total = Math.max(0, ...before) + attemptsOf(graph, pipeline.value.steps[name] ?? {}, interval).timeout;
    known.set(name, total);
    return total;
  };
  return until(step, new Set());
}
