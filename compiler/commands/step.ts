import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { analyse } from '../compile.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { toolEnvironment } from '../operate/machine/tool-environment.ts';
import { createProgress, inStage } from '../operate/progress.ts';
import { preparePython } from '../operate/python/environment.ts';
import { prepareOverlays } from '../operate/python/overlay.ts';
import { isRefused, readCron } from '../resolve/cron/read.ts';
import { last } from '../resolve/cron/timetable.ts';
import { readSources } from '../source/read.ts';
import { type Command, UsageError } from './command.ts';
import { requireCurrent } from './current.ts';
import { environmentOption, reportingFailures, workspaceOf } from './operating.ts';

export const command: Command = {
  options: {
    env: environmentOption,
    rows: { type: 'string', value: 'N', help: 'on N made-up rows of each table, instead of the tables that are there' },
    input: {
      type: 'string',
      value: 'TABLE=FILE',
      help: 'a .csv or .parquet file in place of a table that it reads; several, with commas between them',
    },
    at: {
      type: 'string',
      value: 'TIME',
      help: 'the present, as the step is told it; the newest interval that has ended by then',
    },
    from: {
      type: 'string',
      value: 'TIME',
      help: "begin of the run's data interval (default: the newest of the schedule)",
    },
    to: { type: 'string', value: 'TIME', help: 'its end' },
    publish: { type: 'boolean', default: false, help: 'publish what it writes, as Airflow would' },
  },
  run: ({ positionals, options }, context) =>
    reportingFailures(context, async () => {
      const [pipeline = '', step = ''] = positionals;
      const rows = options['rows'];
      if (rows !== undefined && !/^[1-9]\d{0,6}$/.test(String(rows)))
        throw new UsageError(`--rows is a whole number above 0, not '${rows}'`);
      const files = inputsOf(options['input']);
      if (options['publish'] && (rows !== undefined || files.length > 0))
        throw new UsageError('--publish works on the tables that are there, without --rows and --input');
      const at = moment(options, 'at');
      const workspace = workspaceOf(context, options);
      requireCurrent(context.root, workspace.environment);
      const interval = intervalOf(context.root, pipeline, options, at ?? Date.now());
      await inStage(createProgress(context), 'Python environment', async (note) => {
        await preparePython(workspace, note);
        await prepareOverlays(workspace, note);
      });
      const given = [
        ...(rows === undefined ? [] : ['--rows', String(rows)]),
        ...files.flatMap(([table, path]) => ['--input', `${table}=${resolve(path)}`]),
        ...(options['publish'] ? ['--publish'] : []),
      ];
      const present = at === null ? {} : { MLOPS_NOW: new Date(at).toISOString() };
      const secrets = Object.fromEntries(
        Object.entries(process.env).flatMap(([key, value]) =>
          value !== undefined && (key.startsWith('MLOPS_SECRET_') || key === 'MLOPS_NOW') ? [[key, value]] : [],
        ),
      );
      const { status } = spawnSync(workspace.python, ['-m', 'mlops_runtime', 'trial', pipeline, step, ...given], {
        cwd: workspace.root,
        env: toolEnvironment(workspace, workspace.python, { ...secrets, ...interval, ...present }),
        stdio: 'inherit',
      });
      return status === 0 ? 0 : 1;
    }),
};

const MINUTE = 60_000;

/** What is stated, or the newest interval that has ended by `now`; none where tables start the pipeline. */
function intervalOf(
  root: string,
  pipeline: string,
  options: Record<string, unknown>,
  now: number,
): Record<string, string> {
  const [from, to] = [moment(options, 'from'), moment(options, 'to')];
  if ((from === null) !== (to === null)) throw new UsageError('--from and --to are stated together, or not at all');
  if (from !== null && to !== null) {
    if (from >= to) throw new UsageError(`--from ${options['from']} is not before --to ${options['to']}`);
    return variables(from, to);
  }
  const found = analyse(readSources(root)).ir?.pipelines.find(({ name }) => name === pipeline);
  if (found?.schedule.kind !== 'cron') return {};
  const reading = readCron(found.schedule.cron);
  if (isRefused(reading)) throw new OperationError(`The schedule of ${pipeline} cannot be read: ${reading.problem}.`);
  const { timezone } = found.schedule;
  // Ticks are in minutes, and `last` is before a moment.
  const end = last(reading, timezone, Math.floor(now / MINUTE) + 1);
  return variables(last(reading, timezone, end) * MINUTE, end * MINUTE);
}

/** Tables and the files in their place. */
function inputsOf(text: string | boolean | undefined): [string, string][] {
  if (typeof text !== 'string') return [];
  return text.split(',').map((each) => {
    const [, table, path] = /^([^=]+)=(.+\.(?:csv|parquet))$/.exec(each) ?? [];
    if (table && path) return [table, path];
    throw new UsageError(`--input '${printable(each)}' is not TABLE=FILE with a .csv or .parquet file`);
  });
}

const variables = (start: number, end: number): Record<string, string> => ({
  MLOPS_INTERVAL_START: new Date(start).toISOString(),
  MLOPS_INTERVAL_END: new Date(end).toISOString(),
});

function moment(options: Record<string, unknown>, name: 'at' | 'from' | 'to'): number | null {
  const text = options[name];
  if (text === undefined) return null;
  const time = Date.parse(String(text));
  if (Number.isNaN(time)) throw new UsageError(`--${name} '${text}' is not a time such as 2026-01-31T06:00Z`);
  return time;
}
