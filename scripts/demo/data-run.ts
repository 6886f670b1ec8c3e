import type { Airflow, Dag, DagRun } from '../../compiler/clients/airflow.ts';

/** The written pipelines that a clock starts; what assets start follows by itself, and is followed. */
export async function scheduledPipelines(airflow: Airflow, written: string[]): Promise<Dag[]> {
  const dags = await airflow.dags();
  return dags.filter(({ dag_id, next_dagrun_run_after }) => written.includes(dag_id) && next_dagrun_run_after !== null);
}

/**
 * Starts the pipeline. When a run is due by now, this is that run, so that the scheduler
 * does not start a second one; and a run that is under way already (of a demo that was interrupted) is taken up.
 */
export async function startPipeline(airflow: Airflow, dag: Dag): Promise<DagRun> {
  return (await activeRun(airflow, dag.dag_id)) ?? startFresh(airflow, dag);
}

async function activeRun(airflow: Airflow, pipeline: string): Promise<DagRun | undefined> {
  const runs = await airflow.latestRuns(pipeline);
  return runs.find(({ state }) => state === 'running' || state === 'queued');
}

/** A run that begins now. A due one that is there already was made by the scheduler just now, or by an earlier demo. */
export async function startFresh(airflow: Airflow, dag: Dag): Promise<DagRun> {
  const isDue = dag.next_dagrun_logical_date !== null && new Date(dag.next_dagrun_run_after ?? '') <= new Date();
  const due = isDue ? ((await airflow.triggerDue(dag)) ?? (await activeRun(airflow, dag.dag_id))) : undefined;
  return due ?? airflow.trigger(dag.dag_id);
}
