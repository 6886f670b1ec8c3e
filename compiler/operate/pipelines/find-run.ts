/** Pipelines and their runs by what people call them. */
import type { Airflow, DagRun } from '../../clients/airflow.ts';
import { HttpError } from '../../clients/http.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { shown } from '../../diagnostics/shown.ts';

/** So many runs are searched, and shown where none is meant. */
const SEARCHED = 100;
const SHOWN = 5;

/** The run of that name, or without one the newest. */
export async function findRun(airflow: Airflow, pipeline: string, run: string | undefined): Promise<DagRun> {
  const runs = await runsOf(airflow, pipeline);
  const found = run === undefined ? runs[0] : runs.find((each) => each.dag_run_id === run);
  if (found) return found;
  if (run === undefined) throw new OperationError(`${pipeline} has not run yet; \`mlops run ${pipeline}\` starts it.`);
  throw new OperationError(unknownRun(pipeline, run, runs));
}

export interface Searched {
  /** Runs of that name; several where pipelines run at the same time. */
  found: DagRun[];
  all: DagRun[];
}

/** A run by its name alone. */
export async function searchRun(airflow: Airflow, pipelines: readonly string[], run: string): Promise<Searched> {
  const all = (await Promise.all(pipelines.map((pipeline) => runsOf(airflow, pipeline)))).flat();
  return { found: all.filter(({ dag_run_id }) => dag_run_id === run), all };
}

/** None of a pipeline that is compiled, and that Airflow has not read yet. */
async function runsOf(airflow: Airflow, pipeline: string): Promise<DagRun[]> {
  try {
    return await airflow.latestRuns(pipeline, SEARCHED);
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) return [];
    throw error;
  }
}

export function unknownRun(pipeline: string | null, run: string, runs: readonly DagRun[]): string {
  const names = runs.map(({ dag_run_id }) => dag_run_id);
  const near = nearest(run, names);
  const newest = names.slice(0, SHOWN).map((name) => `\n  ${shown(name)}`);
  const hint = near
    ? `; did you mean '${shown(near)}'?`
    : `.${newest.length > 0 ? ` The newest are${newest.join('')}` : ' There is none yet.'}`;
  return `There is no run '${shown(run)}'${pipeline === null ? '' : ` of ${pipeline}`}${hint}`;
}
