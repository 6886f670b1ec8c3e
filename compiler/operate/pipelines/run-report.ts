/** One run of a pipeline as its logs tell it: the steps, what failed first and why, and what was printed. */
import type { Airflow, DagRun, LogEvent, TaskInstance } from '../../clients/airflow.ts';
import { HttpError } from '../../clients/http.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { shown } from '../../diagnostics/shown.ts';
import { ownWords } from './task-log.ts';

export interface StepReport {
  step: string;
  /** Airflow's word; `waiting` where it has none yet. */
  state: string;
  /** How often it was tried, the running try included. */
  tries: number;
  started: string | null;
  ended: string | null;
}

export interface Line {
  step: string;
  /** ISO 8601; null where Airflow does not say. */
  at: string | null;
  text: string;
}

export interface RunReport {
  pipeline: string;
  run: string;
  state: string;
  steps: StepReport[];
  /** What failed first, in the step's own last words. */
  failed: { step: string; reason: string } | null;
  lines: Line[];
}

export interface Choice {
  step: string | undefined;
  /** From 1; the newest where none is chosen. */
  attempt: number | undefined;
}

export async function reportRun(airflow: Airflow, run: DagRun, choice: Choice): Promise<RunReport> {
  const { dag_id: pipeline, dag_run_id: name } = run;
  const tasks = (await airflow.tasks(pipeline, name)).sort(byStart);
  const chosen = choose(tasks, pipeline, choice);
  const lines: Line[] = [];
  for (const task of chosen) lines.push(...(await linesOf(airflow, run, task, choice.attempt ?? task.try_number)));
  return {
    pipeline,
    run: name,
    state: run.state,
    steps: tasks.map(describe),
    failed: await firstFailure(airflow, run, tasks),
    lines,
  };
}

/** What was never begun comes last. */
const byStart = (a: TaskInstance, b: TaskInstance): number =>
  moment(a.start_date) - moment(b.start_date) || (a.task_id < b.task_id ? -1 : 1);

const NEVER = 8.64e15;

const moment = (text: string | null): number => (text === null ? NEVER : Date.parse(text));

const describe = (task: TaskInstance): StepReport => ({
  step: task.task_id,
  state: task.state ?? 'waiting',
  tries: task.try_number,
  started: task.start_date,
  ended: task.end_date,
});

function choose(tasks: readonly TaskInstance[], pipeline: string, { step, attempt }: Choice): TaskInstance[] {
  if (step === undefined) return tasks.filter(({ try_number }) => try_number > 0);
  const names = tasks.map(({ task_id }) => task_id);
  const found = tasks.find(({ task_id }) => task_id === step);
  if (!found) {
    const near = nearest(step, names);
    const hint = near ? `did you mean '${near}'?` : `there are ${names.join(', ')}`;
    throw new OperationError(`${pipeline} has no step '${shown(step)}'; ${hint}`);
  }
  if (attempt !== undefined && attempt > found.try_number)
    throw new OperationError(`${step} was tried ${found.try_number === 1 ? 'once' : `${found.try_number} times`}.`);
  return found.try_number > 0 ? [found] : [];
}

async function firstFailure(
  airflow: Airflow,
  run: DagRun,
  tasks: readonly TaskInstance[],
): Promise<RunReport['failed']> {
  const failed = tasks
    .filter(({ state, try_number }) => try_number > 0 && (state === 'failed' || state === 'up_for_retry'))
    .sort((a, b) => moment(a.end_date) - moment(b.end_date))[0];
  if (!failed) return null;
  const words = await linesOf(airflow, run, failed, failed.try_number);
  const reason = words.filter(({ text }) => text.trim() !== '').at(-1)?.text ?? 'it printed nothing';
  return { step: failed.task_id, reason };
}

export async function linesOf(airflow: Airflow, run: DagRun, task: TaskInstance, attempt: number): Promise<Line[]> {
  const events = await airflow.log(run.dag_id, run.dag_run_id, task.task_id, attempt).catch(noneYet);
  return ownWords(events).map(({ event, timestamp }) => ({
    step: task.task_id,
    at: timestamp ?? null,
    text: shown(event),
  }));
}

/** A task that waits for its first try has no log. */
function noneYet(error: unknown): LogEvent[] {
  if (error instanceof HttpError && error.status === 404) return [];
  throw error;
}

/** `load  success  12:03:04  2 s`, below a line on the run. */
export function printSteps({ pipeline, run, state, steps, failed }: RunReport): string {
  const width = Math.max(...steps.map(({ step }) => step.length), 4);
  const rows = steps.map(({ step, state: how, tries, started, ended }) =>
    [
      `  ${step.padEnd(width)}`,
      how.padEnd(15),
      timeOf(started).padEnd(8),
      started && ended ? duration(started, ended) : '',
      tries > 1 ? `try ${tries}` : '',
    ]
      .join('  ')
      .trimEnd(),
  );
  const why = failed ? ['', `${failed.step} failed first: ${failed.reason}`] : [];
  return [`${pipeline}: ${state} (run ${shown(run)})`, ...rows, ...why].join('\n');
}

export const printLine = ({ step, at, text }: Line, width: number): string =>
  `${timeOf(at).padEnd(8)} ${step.padEnd(width)} | ${text}`;

const timeOf = (moment: string | null): string => moment?.slice(11, 19) ?? '';

const duration = (from: string, to: string): string =>
  `${Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000))} s`;
