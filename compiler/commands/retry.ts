import type { Airflow, DagRun, TaskInstance } from '../clients/airflow.ts';
import { HttpError } from '../clients/http.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { shown } from '../diagnostics/shown.ts';
import { airflowOf, pipelinesOf } from '../operate/pipelines/airflow.ts';
import { findRun, searchRun, unknownRun } from '../operate/pipelines/find-run.ts';
import { requireWholeDatabases } from '../operate/supervisor/databases.ts';
import { readPlan } from '../operate/supervisor/process-plan.ts';
import { requireRunning } from '../operate/supervisor/supervisor.ts';
import type { Workspace } from '../operate/workspace.ts';
import type { Command } from './command.ts';
import { followOption, followToEnd } from './following.ts';
import { environmentOption, notDeployed, reportingFailures, runningOf } from './operating.ts';

export const command: Command = {
  options: {
    env: environmentOption,
    failed: { type: 'boolean', default: false, help: 'only the steps that failed, and those that follow them' },
    follow: followOption,
    format: { type: 'string', default: 'text', choices: ['text', 'json'], help: 'how to print it' },
  },
  run: ({ positionals, options }, context) =>
    reportingFailures(context, async () => {
      const workspace = runningOf(context, options);
      await requireRunning(workspace); // another checkout's Airflow may answer at the same address
      await requireWholeDatabases(workspace, readPlan(workspace).databases);
      const airflow = airflowOf(workspace);
      const run = await meant(airflow, workspace, positionals[0] ?? '');
      const again = await retry(airflow, run, options['failed'] === true);
      const { dag_id: pipeline, dag_run_id: name } = run;
      const steps = again.map(({ task_id }) => task_id);
      if (options['format'] === 'json') context.out(`${JSON.stringify({ pipeline, run: name, steps })}\n`);
      else
        context.out(
          `${pipeline} runs again: ${steps.join(', ')} (run ${shown(name)}).\n` +
            `  ${airflow.url}/dags/${pipeline}/runs/${encodeURIComponent(name)}\n`,
        );
      return options['follow'] ? followToEnd(context, workspace, airflow, run) : 0;
    }),
};

/** A pipeline's name means its newest run, `PIPELINE/RUN` one of its own, and a run's name that one. */
async function meant(airflow: Airflow, workspace: Workspace, text: string): Promise<DagRun> {
  const pipelines = pipelinesOf(workspace);
  if (pipelines.includes(text)) return findRun(airflow, text, undefined);
  const owner = pipelines.find((pipeline) => text.startsWith(`${pipeline}/`));
  if (owner !== undefined) return findRun(airflow, owner, text.slice(owner.length + 1));
  const { found, all } = await searchRun(airflow, pipelines, text);
  const [first, ...others] = found;
  if (!first)
    throw new OperationError(
      notDeployed(workspace, 'pipeline', text) ?? (await notFound(airflow, text, pipelines, all)),
    );
  if (others.length === 0) return first;
  const choices = found.map(({ dag_id }) => `\n  mlops retry '${dag_id}/${shown(text)}'`);
  throw new OperationError(`Several pipelines have a run '${shown(text)}'; name one:${choices.join('')}`);
}

/** A pipeline that the specs no longer have may still be in Airflow, with its runs. */
async function notFound(airflow: Airflow, text: string, pipelines: readonly string[], all: DagRun[]): Promise<string> {
  const gone = (await airflow.dags({ stale: true }))
    .map(({ dag_id }) => dag_id)
    .filter((id) => !pipelines.includes(id));
  const { found } = await searchRun(airflow, gone, text);
  const of = found[0]?.dag_id ?? gone.find((id) => text === id || text.startsWith(`${id}/`));
  if (of !== undefined)
    return (
      `${of} is none of the compiled pipelines any more, so its steps cannot be done again; there are ` +
      `${pipelines.join(', ')}.`
    );
  return unknownRun(null, text, all);
}

/** The tasks that are done again. */
async function retry(airflow: Airflow, run: DagRun, onlyFailed: boolean): Promise<TaskInstance[]> {
  const { dag_id: pipeline, dag_run_id: name, state } = run;
  if (state === 'running' || state === 'queued')
    throw new OperationError(
      `${pipeline} is ${state === 'queued' ? 'waiting to run' : 'running'} (run ${shown(name)}): wait for its end, ` +
        `\`mlops logs ${pipeline} --follow\` shows it.`,
    );
  const tasks = await airflow.tasks(pipeline, name);
  const chosen = onlyFailed ? tasks.filter(hasFailed) : tasks;
  if (chosen.length === 0)
    throw new OperationError(
      onlyFailed
        ? `No step of ${pipeline} failed in the run ${shown(name)}; without --failed, the whole run is done again.`
        : `The run ${shown(name)} of ${pipeline} has no steps.`,
    );
  try {
    await airflow.clear(
      pipeline,
      name,
      chosen.map(({ task_id }) => task_id),
    );
  } catch (error) {
    if (!(error instanceof HttpError) || (error.status !== 409 && error.status !== 404)) throw error;
    throw new OperationError(
      `Airflow does not let the run ${shown(name)} of ${pipeline} be done again: ${error.message}`,
    );
  }
  // Airflow's answer does not say what follows: what has no end any more is done again.
  const now = new Map((await airflow.tasks(pipeline, name)).map((task) => [task.task_id, task]));
  return tasks.filter((task) => {
    const { state: then = null, try_number: tries = 0 } = now.get(task.task_id) ?? {};
    return chosen.includes(task) || then !== task.state || tries !== task.try_number;
  });
}

const hasFailed = ({ state }: TaskInstance): boolean => state === 'failed' || state === 'upstream_failed';
