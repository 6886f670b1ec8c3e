/** A run of a pipeline, followed to its end by whoever started it. */
import type { Airflow, DagRun } from '../clients/airflow.ts';
import { pipelinesOf } from '../operate/pipelines/airflow.ts';
import { explainOutcome, explainWarnings, followRun } from '../operate/pipelines/follow-run.ts';
import { createProgress } from '../operate/progress.ts';
import type { Workspace } from '../operate/workspace.ts';
import type { Context, Option } from './command.ts';
import { unknownThing } from './operating.ts';

export const followOption: Option = {
  type: 'boolean',
  default: false,
  help: 'wait for its end; exit 1 where it fails or does nothing, 2 where nobody can tell',
};

/** Exit code. */
export async function followToEnd(
  context: Context,
  workspace: Workspace,
  airflow: Airflow,
  run: DagRun,
): Promise<number> {
  const progress = createProgress(context);
  const stage = progress.stage(run.dag_id);
  const outcome = await followRun(airflow, workspace, run, stage.note).catch((problem: unknown) => {
    progress.fail();
    throw problem;
  });
  if (outcome.result === 'success' || outcome.result === 'refused') {
    stage.done();
    // A candidate that was refused is a result: the gate has done its work.
    if (outcome.stopped.length > 0) context.out(`${explainOutcome(outcome)}\n`);
    if (outcome.warnings.length > 0) context.out(`${explainWarnings(outcome)}\n`);
    return 0;
  }
  progress.fail();
  context.err(`${explainOutcome(outcome)}\n`);
  return 1;
}

export function knownPipeline(workspace: Workspace, name: string): string {
  const known = pipelinesOf(workspace);
  if (known.includes(name)) return name;
  throw unknownThing(workspace, { kind: 'pipeline', name, known });
}
