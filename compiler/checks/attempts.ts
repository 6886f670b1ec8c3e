import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { type Declared, inserting, keyAt, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { placeOfSetting, worstCase } from '../resolve/attempts.ts';
import { type ResolvedGraph, stepsOf } from '../resolve/resolve.ts';
import { shortestOf } from '../resolve/schedule.ts';
import type { StepSpec } from '../resolve/steps.ts';
import { spoken } from '../spec-schema/units.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PIP006: {
    severity: 'error',
    judgement: true,
    title: 'Runs would pile up',
    why: 'A run may take longer than the interval between two runs.',
    example: 'timeout: 2h on an hourly schedule',
    fix: 'Lower the timeout or run less often.',
  },
  PIP007: {
    severity: 'warning',
    title: 'A step that is never retried',
    why: 'A brief outage of a store fails the whole run.',
    example: 'retries: 0 on a step that reads a table',
    fix: 'Allow some retries.',
  },
  PIP008: {
    severity: 'error',
    judgement: true,
    title: 'A retried step that appends',
    why: 'A retry after a half-finished attempt writes rows twice.',
    example: 'mode: append with retries: 2',
    fix: 'Use replace or overwrite_partition, or set retries: 0.',
  },
  PIP012: {
    severity: 'error',
    judgement: true,
    title: 'Catch-up with a step that is not idempotent',
    why: 'Each missed run is repeated on top of what is already there, or replaces what the one before has written.',
    example: 'catchup: true with mode: append',
    fix: 'Remove `catchup`, or make the step idempotent.',
  },
});

/** Steps can be retried as often as they are, and finish within the time that they have. */
export const attempts: Check = {
  codes,
  run: (graph) => [
    ...pileUps(graph),
    ...[...graph.pipelines.values()].flatMap((pipeline) =>
      Object.entries(pipeline.value.steps).flatMap(([name, step]) => repeated(graph, pipeline, name, step)),
    ),
    ...notRetried(graph),
  ],
};

/** One finding per place: a default that is too long for twenty steps is one mistake. */
function pileUps(graph: ResolvedGraph): Finding[] {
  const findings = new Map<string, Finding>();
  for (const pipeline of graph.pipelines.values()) {
    const resolved = graph.resolved.get(pipeline.name);
    const interval = resolved ? shortestOf(resolved.pipeline.schedule) : null;
    if (!resolved || interval === null) continue;
    for (const name of Object.keys(pipeline.value.steps)) {
      const tried = resolved.steps.get(name);
      if (!tried || worstCase(tried) <= interval) continue;
      const schedule = valueAt(pipeline, 'schedule', 'cron');
      const at = tooLong(graph, pipeline, name, tried.timeoutSeconds > interval) ?? schedule;
      const key = JSON.stringify(at);
      const known = findings.get(key);
      if (known) {
        if (known.related.length < 3)
          known.related.push({ message: `so may step ${pipeline.name}.${name}`, at: keyAt(pipeline, 'steps', name) });
        continue;
      }
      const { retries, retryDelaySeconds: delay, timeoutSeconds: timeout } = tried;
      const sum =
        retries === 0
          ? ''
          : ` (${retries + 1} attempts × ${spoken(timeout)} + ${retries} × ${spoken(delay)} in between)`;
      findings.set(
        key,
        finding(
          'PIP006',
          at,
          `Step ${name} of pipeline ${pipeline.name} may take ${spoken(worstCase(tried))}${sum}, ` +
            `but the pipeline runs every ${spoken(interval)}.`,
          { related: at === schedule ? [] : [{ message: 'the schedule', at: schedule }] },
        ),
      );
    }
  }
  return [...findings.values()];
}

/**
 * The value to change: the timeout where a single attempt is too long, else the number of attempts; the step's own
 * value rather than a default.
 */
function tooLong(graph: Graph, pipeline: Declared<'Pipeline'>, name: string, single: boolean): Place | null {
  const step = pipeline.value.steps[name] ?? {};
  const fields =
    single || (step.timeout !== undefined && step.retries === undefined)
      ? (['timeout', 'retries'] as const)
      : (['retries', 'timeout'] as const);
  for (const field of fields) if (step[field] !== undefined) return valueAt(pipeline, 'steps', name, field);
  for (const field of fields) {
    const at = placeOfSetting(graph, pipeline, name, field);
    if (at) return at;
  }
  return null;
}

const retriesOf = (graph: ResolvedGraph, pipeline: Declared<'Pipeline'>, step: string): number =>
  stepsOf(graph, pipeline).get(step)?.retries ?? 0;

/** What a step does twice when it is run twice. */
function doubles(step: StepSpec): { field: 'mode' | 'idempotent'; what: string; result: string } | null {
  if (step.mode === 'append') return { field: 'mode', what: 'appends', result: 'would write its rows again' };
  if (step.idempotent === false)
    return { field: 'idempotent', what: 'is not idempotent', result: 'would do its work twice' };
  return null;
}

function repeated(graph: ResolvedGraph, pipeline: Declared<'Pipeline'>, name: string, step: StepSpec): Finding[] {
  const twice = doubles(step);
  if (!twice) return replacedByEach(graph, pipeline, name);
  const at = valueAt(pipeline, 'steps', name, twice.field);
  const retries = retriesOf(graph, pipeline, name);
  if (retries > 0) {
    const stated = placeOfSetting(graph, pipeline, name, 'retries');
    return [
      finding('PIP008', at, `Step ${name} ${twice.what} and is retried ${retries} times: a retry ${twice.result}.`, {
        help:
          twice.field === 'mode'
            ? 'use `mode: overwrite_partition` or `replace`, or set `retries: 0`'
            : 'set `retries: 0`, or make the step idempotent',
        fix:
          step.retries === undefined
            ? inserting("add 'retries: 0'", pipeline, ['steps', name], 'retries: 0')
            : {
                title: "write 'retries: 0'",
                safe: true,
                edits: [{ at: valueAt(pipeline, 'steps', name, 'retries'), from: String(step.retries), to: '0' }],
              },
        related: stated ? [{ message: 'the retries are set here', at: stated }] : [],
      }),
    ];
  }
  if (pipeline.value.catchup !== true) return [];
  return [
    finding(
      'PIP012',
      valueAt(pipeline, 'catchup'),
      `Pipeline ${pipeline.name} catches up on missed runs, but its step ${name} ${twice.what}.`,
      {
        help: 'remove `catchup`, or make the step idempotent (`mode: overwrite_partition`)',
        related: [{ message: `step ${name} is declared so here`, at }],
      },
    ),
  ];
}

/** What a step makes of its interval is all that a table keeps which each run replaces. */
function replacedByEach(graph: ResolvedGraph, pipeline: Declared<'Pipeline'>, name: string): Finding[] {
  const call = stepsOf(graph, pipeline).get(name);
  const [table] = call?.writes ?? [];
  if (pipeline.value.catchup !== true || call?.run.kind !== 'function' || call.mode !== 'replace' || !table) return [];
  const module = graph.module(call.run.file);
  const takesContext = module?.functions.get(call.run.function)?.parameters.some((each) => each.name === 'context');
  const usesInterval = module?.words.has('interval_start') || module?.words.has('interval_end');
  if (!takesContext || !usesInterval) return [];
  return [
    finding(
      'PIP012',
      valueAt(pipeline, 'catchup'),
      `Pipeline ${pipeline.name} runs each missed interval, but its step ${name} goes by the interval and replaces ` +
        `the whole table ${table}: only the rows of the last run stay.`,
      {
        help: 'use `mode: overwrite_partition` with the `partition` column, or remove `catchup`',
        related: [{ message: `step ${name} is declared here`, at: keyAt(pipeline, 'steps', name) }],
      },
    ),
  ];
}

/** Every step but the gate reads or writes stores; a second attempt survives a brief outage. */
function notRetried(graph: ResolvedGraph): Finding[] {
  const findings = new Map<string, Finding>();
  for (const pipeline of graph.pipelines.values()) {
    for (const [name, step] of Object.entries(pipeline.value.steps)) {
      if (step.uses === 'gate' || doubles(step) || retriesOf(graph, pipeline, name) > 0) continue;
      const at = placeOfSetting(graph, pipeline, name, 'retries');
      if (!at || findings.has(JSON.stringify(at))) continue;
      findings.set(
        JSON.stringify(at),
        finding(
          'PIP007',
          at,
          `Step ${name} of pipeline ${pipeline.name} reads or writes stores but is never retried.`,
          {
            help: 'set `retries: 2`; if a second attempt would do harm, set `idempotent: false`',
          },
        ),
      );
    }
  }
  return [...findings.values()];
}
