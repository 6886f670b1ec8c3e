/** What happens to one model after the data run: assets start its training and its scoring, which are followed here. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Airflow, DagRun } from '../../compiler/clients/airflow.ts';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { explainOutcome, followRun, type Outcome } from '../../compiler/operate/pipelines/follow-run.ts';
import { outlasting } from '../../compiler/operate/pipelines/patience.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';
import { startFresh } from './data-run.ts';

export type Evidence = Record<string, unknown>;

/** A run that has ended, and what its tasks left as evidence (docs/contracts.md), by task. */
export interface EndedRun extends Outcome {
  evidence: Record<string, Evidence>;
}

/** Twice a second. */
const START_LOOKS = 180;

/** Follows a run to its end. A failure ends the demo with the failing step's own words. */
export async function followToEnd(
  airflow: Airflow,
  workspace: Workspace,
  run: DagRun,
  note: (text: string) => void,
): Promise<EndedRun> {
  const outcome = await followRun(airflow, workspace, run, note);
  if (outcome.result === 'failed') throw new OperationError(explainOutcome(outcome), 1);
  const patient = outlasting(airflow, workspace, note);
  const tasks = await patient.tasks(run.dag_id, run.dag_run_id);
  const results = await Promise.all(
    tasks.map(async ({ task_id }) => [task_id, await patient.result(run.dag_id, run.dag_run_id, task_id)] as const),
  );
  return {
    ...outcome,
    evidence: Object.fromEntries(results.filter((entry): entry is [string, Evidence] => entry[1] !== null)),
  };
}

/** What Airflow says of a pipeline that updates of assets start. */
const ASSETS = 'Asset';

/**
 * The run of `pipeline` that follows `sources`: where assets start it, the one that their updates started, else one
 * that is started here, since a clock or a person might do so much later.
 */
export async function runAfter(
  airflow: Airflow,
  workspace: Workspace,
  pipeline: string,
  sources: EndedRun[],
  note: (text: string) => void,
): Promise<DagRun> {
  const patient = outlasting(airflow, workspace, note);
  const dag = (await patient.dags()).find(({ dag_id }) => dag_id === pipeline);
  if (!dag || dag.timetable_summary === ASSETS) return startedBy(patient, pipeline, sources, note);
  return startFresh(patient, dag);
}

/**
 * Waits for the run of `pipeline` that was started by an asset which one of `sources` has updated. It may have to wait
 * itself, for an earlier run of the same pipeline: only one at a time is active.
 */
async function startedBy(
  airflow: Airflow,
  pipeline: string,
  sources: EndedRun[],
  note: (text: string) => void,
): Promise<DagRun> {
  const names = sources.map((source) => source.pipeline).join(' and ');
  note(`waiting for the assets of ${names}`);
  for (let looks = 0; looks < START_LOOKS; looks++) {
    const candidates = await airflow.latestRuns(pipeline);
    const found = await findStartedBy(airflow, candidates, sources);
    if (found) return found;
    if (candidates.some(({ state }) => state === 'queued' || state === 'running')) looks = 0;
    await sleep(500);
  }
  throw new OperationError(
    `The assets that ${names} updated did not start ${pipeline} within ${START_LOOKS / 2} seconds. ` +
      `Airflow shows why: ${airflow.url}/dags/${pipeline}`,
    1,
  );
}

/** The run whose assets count: of one that another DAG has started for its own, that one's. */
function starterOf({ dag_id, dag_run_id, conf }: DagRun): Pick<DagRun, 'dag_id' | 'dag_run_id'> {
  const { started_by: dag, run_id: run } = conf ?? {};
  return typeof dag === 'string' && typeof run === 'string' ? { dag_id: dag, dag_run_id: run } : { dag_id, dag_run_id };
}

async function findStartedBy(airflow: Airflow, candidates: DagRun[], sources: EndedRun[]): Promise<DagRun | undefined> {
  const isSource = (dag: string | null, run: string | null) =>
    sources.some((source) => source.pipeline === dag && source.run === run);
  for (const candidate of candidates) {
    const starter = starterOf(candidate);
    const events = await airflow.upstreamEvents(starter.dag_id, starter.dag_run_id);
    if (events.some(({ source_dag_id, source_run_id }) => isSource(source_dag_id, source_run_id))) return candidate;
  }
  return undefined;
}
