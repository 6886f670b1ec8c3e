/** What happens to one model after the data run: assets start its training and its scoring, which are followed here. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Airflow, DagRun } from '../../compiler/clients/airflow.ts';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { explainOutcome, followRun, type Outcome } from '../../compiler/operate/pipelines/follow-run.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';

export type Evidence = Record<string, unknown>;

/** A run that has ended, and what its tasks left as evidence (docs/contracts.md), by task. */
export interface EndedRun extends Outcome {
  evidence: Record<string, Evidence>;
}

const START_TIMEOUT = 90_000;

/** Follows a run to its end. A failure ends the demo with the failing step's own words; a refusal does not. */
export async function followToEnd(
  airflow: Airflow,
  workspace: Workspace,
  run: DagRun,
  note: (text: string) => void,
): Promise<EndedRun> {
  const outcome = await followRun(airflow, workspace, run, note);
  if (outcome.result === 'failed') throw new OperationError(explainOutcome(outcome), 1);
  const tasks = await airflow.tasks(run.dag_id, run.dag_run_id);
  const results = await Promise.all(
    tasks.map(async ({ task_id }) => [task_id, await airflow.result(run.dag_id, run.dag_run_id, task_id)] as const),
  );
  return {
    ...outcome,
    evidence: Object.fromEntries(results.filter((entry): entry is [string, Evidence] => entry[1] !== null)),
  };
}

/**
 * Waits for the run of `pipeline` that was started by an asset which one of `sources` has updated. It may have to wait
 * itself, for an earlier run of the same pipeline: only one at a time is active.
 */
export async function startedBy(
  airflow: Airflow,
  pipeline: string,
  sources: EndedRun[],
  note: (text: string) => void,
): Promise<DagRun> {
  const names = sources.map((source) => source.pipeline).join(' and ');
  note(`waiting for the assets of ${names}`);
  for (let end = Date.now() + START_TIMEOUT; Date.now() < end; await sleep(500)) {
    const candidates = await airflow.latestRuns(pipeline);
    const found = await findStartedBy(airflow, candidates, sources);
    if (found) return found;
    if (candidates.some(({ state }) => state === 'queued' || state === 'running')) end = Date.now() + START_TIMEOUT;
  }
  throw new OperationError(
    `The assets that ${names} updated did not start ${pipeline} within ${START_TIMEOUT / 1000} seconds. ` +
      `Airflow shows why: ${airflow.url}/dags/${pipeline}`,
    1,
  );
}

async function findStartedBy(airflow: Airflow, candidates: DagRun[], sources: EndedRun[]): Promise<DagRun | undefined> {
  const isSource = (dag: string | null, run: string | null) =>
    sources.some((source) => source.pipeline === dag && source.run === run);
  for (const candidate of candidates) {
    const events = await airflow.upstreamEvents(candidate.dag_id, candidate.dag_run_id);
    if (events.some(({ source_dag_id, source_run_id }) => isSource(source_dag_id, source_run_id))) return candidate;
  }
  return undefined;
}
