/** Watches one run of a pipeline to its end, and says what became of it. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Airflow, DagRun, TaskInstance } from '../../clients/airflow.ts';
import { HttpError } from '../../clients/http.ts';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { shown } from '../../diagnostics/shown.ts';
import { isObject, readRecordFile } from '../machine/record-file.ts';
import type { Workspace } from '../workspace.ts';
import { outlasting, standstill, usualWaiting } from './patience.ts';
import { logFile, ownWords } from './task-log.ts';

export interface Outcome {
  pipeline: string;
  run: string;
  /**
   * Of a run that did not fail: `refused` where the gate did not let the candidate pass, `skipped` where no step had
   * anything to do.
   */
  result: 'success' | 'refused' | 'skipped' | 'failed';
  /** The tasks that failed, or that skipped themselves. */
  stopped: Stopped[];
  /** Rules of data that were broken and hold nothing back, by the task that published the rows. */
  warnings: { task: string; words: string[] }[];
}

export interface Stopped {
  task: string;
  /** What the step itself printed, the last lines of it. */
  words: string[];
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
    if (state === 'success' || state === 'failed') return describeEnd(patient, workspace, started, state, tasks);
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
  { dag_id: pipeline, dag_run_id: run }: DagRun,
  state: 'success' | 'failed',
  tasks: TaskInstance[],
): Promise<Outcome> {
  // A task that was never tried is skipped, or has failed, because of another one.
  const ended = tasks.filter(
    (task) => task.state === (state === 'failed' ? 'failed' : 'skipped') && task.try_number > 0,
  );
  const stopped = await Promise.all(
    ended.map(async (task): Promise<Stopped> => {
      const events = await airflow.log(pipeline, run, task.task_id, task.try_number);
      const words = ownWords(events)
        .slice(-12)
        .map(({ event }) => shown(event));
      return { task: task.task_id, words, log: logFile(workspace, pipeline, run, task.task_id, task.try_number) };
    }),
  );
  const result = state === 'failed' ? 'failed' : resultOf(workspace, pipeline, tasks);
  return { pipeline, run, result, stopped, warnings: await warningsOf(airflow, pipeline, run, tasks) };
}

/** As the steps' evidence has them, of the tables that they wrote. */
async function warningsOf(airflow: Airflow, pipeline: string, run: string, tasks: TaskInstance[]) {
  const succeeded = tasks.filter(({ state }) => state === 'success').map(({ task_id }) => task_id);
  const found = await Promise.all(
    succeeded.map(async (task) => {
      const written = (await airflow.result(pipeline, run, task))?.['written'];
      return { task, words: isObject(written) ? Object.entries(written).flatMap(wordsOf) : [] };
    }),
  );
  return found.filter(({ words }) => words.length > 0);
}

const wordsOf = ([table, told]: [string, unknown]): string[] =>
  isObject(told) && Array.isArray(told['warnings']) ? told['warnings'].map((broken) => `'${table}': ${broken}`) : [];

function resultOf(workspace: Workspace, pipeline: string, tasks: TaskInstance[]): Outcome['result'] {
  if (tasks.length > 0 && tasks.every(({ state }) => state === 'skipped')) return 'skipped';
  const steps = stepsOf(workspace, pipeline);
  const stateOf = (uses: string) => tasks.find(({ task_id }) => steps[task_id] === uses)?.state;
  return stateOf('gate') === 'success' && stateOf('register') === 'skipped' ? 'refused' : 'success';
}

interface PipelineContract {
  steps: Record<string, { call?: { uses?: string } }>;
}

/** What each of the pipeline's steps uses of the platform; nothing is known of a contract that is gone or damaged. */
function stepsOf(workspace: Workspace, pipeline: string): Record<string, string | undefined> {
  const contract = readRecordFile<PipelineContract>({
    path: join(workspace.root, 'generated', 'common', 'runtime', 'pipelines', `${pipeline}.json`),
    isRecord: (value): value is PipelineContract => isObject(value) && isObject(value['steps']),
  });
  return Object.fromEntries(Object.entries(contract?.steps ?? {}).map(([name, { call }]) => [name, call?.uses]));
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

/** What a good run says all the same; nothing where there is nothing. */
export const explainWarnings = ({ warnings }: Outcome): string =>
  warnings
    .flatMap(({ task, words }) => [`  ${task} published rows that break rules:`, ...words.map((line) => `    ${line}`)])
    .join('\n');

/** The lines that tell a user what failed or was not done, why and where to read on. */
export function explainOutcome({ pipeline, run, result, stopped }: Outcome): string {
  const heads: Record<Outcome['result'], string> = {
    failed: 'failed',
    refused: 'refused its candidate',
    skipped: 'had nothing to do yet',
    success: 'succeeded',
  };
  const details = stopped.map(({ task, words, log }) =>
    [`  ${task}:`, ...words.map((line) => `    ${line}`), `  Its log: ${log}`].join('\n'),
  );
  return [`${pipeline} ${heads[result]} (run ${run}).`, ...details].join('\n');
}
