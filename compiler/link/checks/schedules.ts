import { type Finding, finding, type Place } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import type { Kind } from '../../spec-schema/kinds.ts';
import { duration, seconds } from '../../spec-schema/units.ts';
import type { Check } from '../check.ts';
import { type Declared, type Graph, tableOf, valueAt } from '../graph.ts';
import { cronProblem, ticks, timezoneProblem } from '../schedule.ts';

/** PIP004, SPC012, PIP006, FEA009: schedules can be read, fire, and are fast enough for what hangs on them. */
export const schedules: Check = {
  run: (graph) => [...zoneOfDefaults(graph), ...stated(graph).flatMap(readable), ...pileUps(graph), ...staleViews(graph)],
};

interface Schedule {
  cron?: string;
  timezone?: string;
  after?: string[];
}

interface Stated {
  schedule: Schedule;
  at(...path: string[]): Place;
}

function stated(graph: Graph): Stated[] {
  const within = (each: Declared<Kind>, schedule: Schedule | undefined, ...prefix: string[]): Stated[] =>
    schedule ? [{ schedule, at: (...path) => valueAt(each, ...prefix, 'schedule', ...path) }] : [];
  return [
    ...[...graph.pipelines.values()].flatMap((each) => within(each, each.value.schedule)),
    ...[...graph.models.values()].flatMap((each) => [
      ...within(each, each.value.train.schedule, 'train'),
      ...within(each, each.value.serving?.batch?.schedule, 'serving', 'batch'),
    ]),
  ];
}

const zones = (): string[] => ['UTC', ...Intl.supportedValuesOf('timeZone')];

function zoneFinding(timezone: string, at: Place): Finding[] {
  const problem = timezoneProblem(timezone);
  if (!problem) return [];
  const near = nearest(timezone, zones());
  return [finding('PIP004', at, `The time zone cannot be used: ${problem}.`, near ? { help: `did you mean '${near}'?` } : {})];
}

function zoneOfDefaults({ platform }: Graph): Finding[] {
  const timezone = platform.value.defaults?.timezone;
  return timezone === undefined ? [] : zoneFinding(timezone, valueAt(platform, 'defaults', 'timezone'));
}

function readable({ schedule, at }: Stated): Finding[] {
  const { cron, timezone, after } = schedule;
  if (cron !== undefined && after !== undefined)
    return [finding('SPC012', at('after'), 'A schedule has either `cron` or `after`, not both.', { help: 'remove one of the two' })];
  if (cron === undefined && after === undefined)
    return [
      finding('SPC012', at(), 'A schedule needs `cron` or `after`.', {
        help: 'add one, or remove the schedule: then the pipeline runs only by hand',
      }),
    ];
  if (cron === undefined)
    return timezone === undefined
      ? []
      : [finding('SPC012', at('timezone'), 'A time zone means nothing without `cron`.', { help: 'remove it' })];
  const problem = cronProblem(cron);
  return [
    ...(problem ? [finding('PIP004', at('cron'), `The cron expression '${cron}' cannot be used: ${problem}.`)] : []),
    ...(timezone === undefined ? [] : zoneFinding(timezone, at('timezone'))),
  ];
}

/** Worst distance of two runs, where a readable cron expression says it. */
function slowest(pipeline: Declared<'Pipeline'>, which: 'shortest' | 'longest'): number | null {
  const cron = pipeline.value.schedule?.cron;
  return cron === undefined || cronProblem(cron) !== null ? null : (ticks(cron)?.[which] ?? null);
}

function timeoutOf(graph: Graph, step: { timeout?: string }): number {
  return seconds(step.timeout ?? graph.platform.value.defaults?.timeout ?? '30m');
}

function pileUps(graph: Graph): Finding[] {
  return [...graph.pipelines.values()].flatMap((pipeline) => {
    const interval = slowest(pipeline, 'shortest');
    if (interval === null) return [];
    return Object.entries(pipeline.value.steps).flatMap(([name, step]) => {
      const timeout = timeoutOf(graph, step);
      if (timeout <= interval) return [];
      const at = step.timeout === undefined ? valueAt(pipeline, 'schedule', 'cron') : valueAt(pipeline, 'steps', name, 'timeout');
      return [
        finding(
          'PIP006',
          at,
          `One attempt of step ${name} may take ${duration(timeout)}, and the pipeline runs every ${duration(interval)}.`,
          { related: [{ message: 'the schedule', at: valueAt(pipeline, 'schedule', 'cron') }] },
        ),
      ];
    });
  });
}

function staleViews(graph: Graph): Finding[] {
  return [...graph.views.values()].flatMap((view) => {
    const write = graph.tables.get(tableOf(view))?.writes[0];
    const pipeline = write && graph.pipelines.get(write.pipeline);
    const interval = pipeline && slowest(pipeline, 'longest');
    if (!pipeline || !write || !interval) return [];
    const run = timeoutOf(graph, pipeline.value.steps[write.step] ?? {});
    const promised = view.value.freshness ?? view.value.ttl;
    if (interval + run <= seconds(promised)) return [];
    const field = view.value.freshness === undefined ? 'ttl' : 'freshness';
    return [
      finding(
        'FEA009',
        valueAt(view, field),
        `${field === 'ttl' ? 'Rows live' : 'Rows must be fresh within'} ${promised}, but new ones come every ${duration(interval)}, and writing them may take ${duration(run)}: ${duration(interval + run)} > ${promised}.`,
        {
          related: [{ message: `pipeline ${pipeline.name} writes the table on this schedule`, at: valueAt(pipeline, 'schedule', 'cron') }],
        },
      ),
    ];
  });
}
