/** Watches one run of a pipeline to its end, and says what became of it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Airflow, DagRun, LogEvent, TaskInstance } from '../../clients/airflow.ts';
import { HttpError } from '../../clients/http.ts';
import { OperationError } from '../../diagnostics/operation-error.ts';
import type { Workspace } from '../workspace.ts';
import { outlasting, standstill, usualWaiting } from './patience.ts';

/** Exit statuses of `mlops_runtime step`, beside 0 and 1 (docs/contracts.md). */
const REFUSED = 3;

export interface Outcome {
  pipeline: string;
  run: string;
  /** `refused`: the gate did not let the candidate pass, which is its work, not a fault. */
  result: 'success' | 'refused' | 'failed';
  failures: Failure[];
}

export interface Failure {
  task: string;
  /** What the step itself printed, the last lines of it. */
  error: string[];
  exit: number | null;
  log: string;
}

/**
 * `note` is called at each change with what is under way. Restarts of Airflow are outlasted; where the run can get on
 * no more, or nobody can tell, that is an OperationError.
 */
export async function followRun(
  airflow: Airflow,
  workspace: Workspace,
  started: DagRun,
  note: (text: string) => void,
  waiting = usualWaiting,
): Promise<Outcome> {
  const { dag_id: pipeline, dag_run_id: run } = started;
  const patient = outlasting(airflow, workspace, note, waiting);
  let looks = 0;
  for (;;) {
    const [{ state }, tasks] = await Promise.all([runOf(patient, started), patient.tasks(pipeline, run)]);
    if (state === 'success') return { pipeline, run, result: 'success', failures: [] };
    if (state === 'failed') return describeEnd(patient, workspace, pipeline, run, tasks);
    const hopeless = await standstill(workspace);
    looks = hopeless === null ? 0 : looks + 1;
    // What has just ended can still be on the way into Airflow's database.
    if (hopeless !== null && looks === HOPELESS_LOOKS)
      throw new OperationError(`${pipeline} gets on no more (run ${run}, ${describeTasks(tasks)}). ${hopeless}`);
    note(hopeless ?? describeTasks(tasks));
    await sleep(waiting.pause / 2);
  }
}

/** So often in a row there must be no hope before it is given up. */
const HOPELESS_LOOKS = 6;

async function runOf(airflow: Airflow, { dag_id: pipeline, dag_run_id: run }: DagRun): Promise<DagRun> {
  try {
    return await airflow.run(pipeline, run);
  } catch (error) {
    if (!(error instanceof HttpError) || error.status !== 404) throw error;
    throw new OperationError(`Airflow knows the run ${run} of ${pipeline} no longer: it was deleted, or its database.`);
  }
}

async function describeEnd(
  airflow: Airflow,
  workspace: Workspace,
  pipeline: string,
  run: string,
  tasks: TaskInstance[],
): Promise<Outcome> {
  const failed = tasks.filter(({ state }) => state === 'failed');
  const failures = await Promise.all(failed.map((task) => describeFailure(airflow, workspace, pipeline, run, task)));
  const isRefused = failures.length > 0 && failures.every(({ exit }) => exit === REFUSED);
  return { pipeline, run, result: isRefused ? 'refused' : 'failed', failures };
}

async function describeFailure(
  airflow: Airflow,
  workspace: Workspace,
  pipeline: string,
  run: string,
  task: TaskInstance,
): Promise<Failure> {
  const events = await airflow.log(pipeline, run, task.task_id, task.try_number);
  const status = events.map(({ event }) => /^Command exited with return code (\d+)$/.exec(event)?.[1]).find(Boolean);
  return {
    task: task.task_id,
    error: ownWords(events).slice(-12),
    exit: status === undefined ? null : Number(status),
    log: logFile(workspace, pipeline, run, task),
  };
}

/** What the step printed; where it printed nothing (it was killed, it timed out), what Airflow says of it. */
function ownWords(events: LogEvent[]): string[] {
  const begin = events.findIndex(({ event }) => event === 'Output:');
  const end = events.findIndex(({ event }) => event.startsWith('Command exited with return code'));
  const printed = events
    .slice(begin + 1, end < 0 ? undefined : end)
    .filter(({ logger }) => logger?.endsWith('SubprocessHook'));
  const said =
    begin >= 0 && printed.length > 0
      ? printed
      : events.filter(({ level }) => level === 'error' || level === 'critical');
  return said.map(({ event }) => event);
}

function logFile(workspace: Workspace, pipeline: string, run: string, task: TaskInstance): string {
  const folder = join(
    workspace.state,
    'airflow',
    'logs',
    `dag_id=${pipeline}`,
    `run_id=${run}`,
    `task_id=${task.task_id}`,
  );
  const file = join(folder, `attempt=${task.try_number}.log`);
  return existsSync(file) ? file : folder;
}

function describeTasks(tasks: TaskInstance[]): string {
  const done = tasks.filter(({ state }) => state === 'success' || state === 'skipped').length;
  const busy = tasks.filter(({ state }) => state === 'running').map(({ task_id }) => task_id);
  const again = tasks
    .filter(({ state }) => state === 'up_for_retry')
    .map(({ task_id }) => `${task_id} (will be tried again)`);
  const underWay = [...busy, ...again];
  return `${done} of ${tasks.length} tasks${underWay.length > 0 ? `: ${underWay.join(', ')}` : ''}`;
}

/** The lines that tell a user what failed, why and where to read on. */
export function explainOutcome({ pipeline, run, result, failures }: Outcome): string {
  const head =
    result === 'refused' ? `${pipeline} refused its candidate (run ${run}).` : `${pipeline} failed (run ${run}).`;
  const details = failures.map(({ task, error, log }) =>
    [`  ${task}:`, ...error.map((line) => `    ${line}`), `  Its log: ${log}`].join('\n'),
  );
  return [head, ...details].join('\n');
}
