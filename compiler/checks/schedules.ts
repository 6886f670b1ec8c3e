import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { nearest, respelt } from '../diagnostics/nearest.ts';
import { type Declared, tableOf, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { isRefused, readCron } from '../resolve/cron/read.ts';
import { zoneNames } from '../resolve/cron/zone-names.ts';
import { timezoneProblem } from '../resolve/cron/zone-problem.ts';
import type { ResolvedGraph } from '../resolve/resolve.ts';
import { rhythmsOf } from '../resolve/rhythm.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import { seconds, spoken } from '../spec-schema/units.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes(
  {
    FEA009: {
      severity: 'error',
      judgement: true,
      title: 'Features are stale by design',
      why: 'The pipeline that writes the table runs less often than the freshness or TTL of the view requires.',
      example: 'freshness: 1h on a table written once a day',
      fix: 'Run the pipeline more often, or promise less.',
    },
    PIP004: {
      severity: 'error',
      title: 'Invalid schedule',
      why: 'Airflow could not import the DAG, or would never run it.',
      example: 'cron: "61 * * * *"',
      fix: 'Correct it. The five fields are minute, hour, day of month, month and day of week.',
    },
  },
  { SPC012: specCodes.SPC012 },
);

/** Schedules are valid, fire, and are frequent enough for the views that depend on them. */
export const schedules: Check = {
  codes,
  run: (graph) => [...zoneOfDefaults(graph), ...stated(graph).flatMap(readable), ...staleViews(graph)],
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

function zoneFinding(timezone: string, at: Place): Finding[] {
  const problem = timezoneProblem(timezone);
  if (!problem) return [];
  const near = nearest(timezone, zoneNames);
  return [finding('PIP004', at, `The time zone cannot be used: ${problem}.`, near ? respelt(timezone, near) : {})];
}

function zoneOfDefaults({ platform }: Graph): Finding[] {
  const timezone = platform.value.defaults?.timezone;
  return timezone === undefined ? [] : zoneFinding(timezone, valueAt(platform, 'defaults', 'timezone'));
}

function readable({ schedule, at }: Stated): Finding[] {
  const { cron, timezone, after } = schedule;
  if (cron !== undefined && after !== undefined)
    return [
      finding('SPC012', at('after'), 'A schedule can have `cron` or `after`, but not both.', {
        help: 'remove one of them',
      }),
    ];
  if (cron === undefined && after === undefined)
    return [
      finding('SPC012', at(), 'A schedule needs `cron` or `after`.', {
        help: 'add one of them, or remove the schedule: the pipeline then runs only by hand',
      }),
    ];
  if (cron === undefined)
    return timezone === undefined
      ? []
      : [finding('SPC012', at('timezone'), 'A time zone has no effect without `cron`.', { help: 'remove it' })];
  return [...unreadable(cron, at('cron')), ...(timezone === undefined ? [] : zoneFinding(timezone, at('timezone')))];
}

function unreadable(cron: string, at: Place): Finding[] {
  const reading = readCron(cron);
  if (!isRefused(reading)) return [];
  const { problem, instead } = reading;
  const shown = JSON.stringify(cron).slice(1, -1);
  return [
    finding('PIP004', at, `The cron expression '${shown}' cannot be used: ${problem}.`, {
      ...(instead === undefined ? {} : respelt(cron, instead, false)),
    }),
  ];
}

function staleViews(graph: ResolvedGraph): Finding[] {
  const rhythms = rhythmsOf(graph.resolved.values());
  return [...graph.views.values()].flatMap((view) => {
    const write = graph.tables.get(tableOf(view))?.writes[0];
    const writer = write && graph.resolved.get(write.pipeline);
    const found = rhythms.get(tableOf(view));
    if (!writer || !found) return [];
    const { interval, takes } = found;
    const { ttl, freshness } = view.value;
    const fresh = freshness === undefined || interval + takes <= seconds(freshness);
    if (fresh && interval + takes <= seconds(ttl)) return [];
    const field = fresh ? 'ttl' : 'freshness';
    const promised = view.value[field] ?? ttl;
    return [
      finding(
        'FEA009',
        valueAt(view, field),
        `${field === 'ttl' ? 'Values expire after' : 'Values must be no older than'} ${promised}, but new ones come ` +
          `every ${spoken(interval)}, and writing them may take ${spoken(takes)}: ` +
          `${spoken(interval + takes)} > ${promised}.`,
        {
          related: [
            {
              message: `pipeline ${writer.pipeline.name} writes the table on this schedule`,
              at: valueAt(writer.declared, ...writer.path, 'schedule'),
            },
          ],
        },
      ),
    ];
  });
}
