import { setTimeout as sleep } from 'node:timers/promises';
import type { Airflow, DagRun } from '../clients/airflow.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { printable } from '../diagnostics/printable.ts';
import { airflowOf, pipelinesOf } from '../operate/pipelines/airflow.ts';
import { findRun } from '../operate/pipelines/find-run.ts';
import { type Choice, linesOf, printLine, printSteps, reportRun } from '../operate/pipelines/run-report.ts';
import { followLogs, logFiles, newestLines, processesWithLogs } from '../operate/supervisor/process-logs.ts';
import { requireRunning } from '../operate/supervisor/supervisor.ts';
import type { Workspace } from '../operate/workspace.ts';
import { type Arguments, type Command, type Context, UsageError } from './command.ts';
import { environmentOption, notDeployed, reportingFailures, runningOf } from './operating.ts';

export const command: Command = {
  options: {
    env: environmentOption,
    follow: { type: 'boolean', default: false, help: 'go on with what is written from now on, until the run ends' },
    step: { type: 'string', value: 'NAME', help: 'only this step of the pipeline' },
    try: { type: 'string', value: 'N', help: 'its Nth try (default: the newest)' },
    lines: { type: 'string', value: 'N', help: 'how many at most (default: 10 a process, 200 of a run)' },
    format: { type: 'string', default: 'text', choices: ['text', 'json'], help: 'how to print it' },
  },
  run: ({ positionals, options }, context) =>
    reportingFailures(context, async () => {
      const workspace = runningOf(context, options);
      const [name, run] = positionals;
      if (options['follow'] && options['format'] === 'json')
        throw new UsageError('--follow prints text; leave out --format json');
      if (name !== undefined && pipelinesOf(workspace).includes(name))
        return logsOfRun(workspace, name, run, options, context);
      if (options['step'] !== undefined || options['try'] !== undefined || run !== undefined)
        throw new UsageError(name === undefined ? '--step and --try are of a PIPELINE' : unknown(workspace, name));
      return logsOfProcesses(workspace, name, options, context);
    }),
};

/** From 1. */
function numberOf(options: Arguments['options'], option: string): number | undefined {
  const text = options[option];
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,6}$/.test(String(text)))
    throw new UsageError(`--${option} '${printable(String(text))}' is no number`);
  return Number(text);
}

function unknown(workspace: Workspace, name: string): string {
  const known = [...pipelinesOf(workspace), ...logFiles(workspace).keys()];
  const near = nearest(name, known);
  const hint = near ? `did you mean '${near}'?` : `there are ${known.join(', ') || 'none yet: `mlops up` starts them'}`;
  return notDeployed(workspace, 'pipeline', name) ?? `there is no pipeline or process '${printable(name)}'; ${hint}`;
}

async function logsOfProcesses(
  workspace: Workspace,
  name: string | undefined,
  options: Arguments['options'],
  context: Context,
): Promise<number> {
  const files = logFiles(workspace);
  // A model's name is its API's, too.
  const chosen = [name, `serving-${name}`].find((each) => each !== undefined && files.has(each));
  if (name !== undefined && chosen === undefined) throw new UsageError(unknown(workspace, name));
  const count = numberOf(options, 'lines') ?? (name === undefined ? 10 : 200);
  const logs = (chosen === undefined ? processesWithLogs(workspace) : [chosen]).map((process) => {
    const file = files.get(process) ?? '';
    return { process, file, lines: newestLines(file, count) };
  });
  if (options['format'] === 'json') context.out(`${JSON.stringify({ processes: logs }, null, 2)}\n`);
  else if (logs.length === 0)
    context.out(
      `Nothing of '${workspace.environment}' has run yet; \`mlops up --env ${workspace.environment}\` starts it.\n`,
    );
  else for (const { process, file, lines } of logs) context.out(section(process, file, lines));
  if (!options['follow'] || logs.length === 0) return 0;
  const width = Math.max(...logs.map(({ process }) => process.length));
  return followLogs(logs, (process, line) => context.out(`${process.padEnd(width)} | ${line}\n`));
}

function section(process: string, file: string, lines: readonly string[]): string {
  const said = lines.length > 0 ? lines : ['(nothing written)'];
  return `${process}  (${file})\n${said.map((line) => `  ${line}\n`).join('')}\n`;
}

async function logsOfRun(
  workspace: Workspace,
  pipeline: string,
  name: string | undefined,
  options: Arguments['options'],
  context: Context,
): Promise<number> {
  const attempt = numberOf(options, 'try');
  const step = options['step'] === undefined ? undefined : String(options['step']);
  const count = numberOf(options, 'lines') ?? 200;
  if (attempt !== undefined && step === undefined) throw new UsageError('--try is of a --step');
  await requireRunning(workspace); // another checkout's Airflow may answer at the same address
  const airflow = airflowOf(workspace);
  const run = await findRun(airflow, pipeline, name);
  const report = await reportRun(airflow, run, { step, attempt });
  const lines = report.lines.slice(-count);
  if (options['format'] === 'json') {
    context.out(`${JSON.stringify({ ...report, lines }, null, 2)}\n`);
    return 0;
  }
  const width = Math.max(...report.steps.map((each) => each.step.length), 4);
  context.out(`${printSteps(report)}\n\n`);
  if (report.lines.length > lines.length)
    context.out(`(${report.lines.length - lines.length} earlier lines; --lines N or --step NAME shows more)\n`);
  for (const line of lines) context.out(`${printLine(line, width)}\n`);
  if (lines.length === 0) context.out('(nothing printed yet)\n');
  if (options['follow'])
    await followLines(airflow, run, { step, attempt }, counted(report.lines), (line) =>
      context.out(`${printLine(line, width)}\n`),
    );
  return 0;
}

type Printed = Map<string, number>;

/** How many lines of each step were said. */
function counted(lines: readonly { step: string }[]): Printed {
  const printed: Printed = new Map();
  for (const { step } of lines) printed.set(step, (printed.get(step) ?? 0) + 1);
  return printed;
}

/** What is printed from now on, to the end of the run. A new try of a step is said from its first line. */
async function followLines(
  airflow: Airflow,
  { dag_id, dag_run_id }: DagRun,
  { step }: Choice,
  printed: Printed,
  say: (line: Parameters<typeof printLine>[0]) => void,
): Promise<void> {
  const tries = new Map<string, number>();
  for (;;) {
    const run = await airflow.run(dag_id, dag_run_id);
    const tasks = await airflow.tasks(dag_id, dag_run_id);
    for (const task of tasks.filter(({ task_id, try_number }) => try_number > 0 && (step ?? task_id) === task_id)) {
      const before = tries.get(task.task_id) ?? task.try_number;
      if (before !== task.try_number) printed.set(task.task_id, 0);
      tries.set(task.task_id, task.try_number);
      const lines = await linesOf(airflow, run, task, task.try_number);
      for (const line of lines.slice(printed.get(task.task_id) ?? 0)) say(line);
      printed.set(task.task_id, lines.length);
    }
    if (run.state === 'success' || run.state === 'failed') return;
    await sleep(1000);
  }
}
