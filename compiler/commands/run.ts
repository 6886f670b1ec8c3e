import { nearest } from '../diagnostics/nearest.ts';
import { airflowOf, pipelinesOf } from '../operate/pipelines/airflow.ts';
import { explainOutcome, followRun } from '../operate/pipelines/follow-run.ts';
import { createProgress } from '../operate/progress.ts';
import { requireWholeDatabases } from '../operate/supervisor/databases.ts';
import { readPlan } from '../operate/supervisor/process-plan.ts';
import { requireRunning } from '../operate/supervisor/supervisor.ts';
import type { Workspace } from '../operate/workspace.ts';
import { type Command, UsageError } from './command.ts';
import { environmentOption, reportingFailures, workspaceOf } from './operating.ts';

export const command: Command = {
  options: {
    env: environmentOption,
    follow: {
      type: 'boolean',
      default: false,
      help: 'wait for its end; exit 1 where it fails or does nothing, 2 where nobody can tell',
    },
  },
  run: ({ positionals, options }, context) =>
    reportingFailures(context, async () => {
      const workspace = workspaceOf(context, options);
      const pipeline = knownPipeline(workspace, positionals[0] ?? '');
      // Another checkout's Airflow may answer at the same address.
      requireRunning(workspace);
      await requireWholeDatabases(workspace, readPlan(workspace).databases);
      const airflow = airflowOf(workspace);
      const started = await airflow.trigger(pipeline);
      context.out(
        `Started ${pipeline}: ${airflow.url}/dags/${pipeline}/runs/${encodeURIComponent(started.dag_run_id)}\n`,
      );
      if (!options['follow']) return 0;
      const progress = createProgress(context);
      const stage = progress.stage(pipeline);
      const outcome = await followRun(airflow, workspace, started, stage.note).catch((problem: unknown) => {
        progress.fail();
        throw problem;
      });
      if (outcome.result === 'success' || outcome.result === 'refused') {
        stage.done();
        // A candidate that was refused is a result: the gate has done its work.
        if (outcome.stopped.length > 0) context.out(`${explainOutcome(outcome)}\n`);
        return 0;
      }
      progress.fail();
      context.err(`${explainOutcome(outcome)}\n`);
      return 1;
    }),
};

function knownPipeline(workspace: Workspace, name: string): string {
  const known = pipelinesOf(workspace);
  if (known.includes(name)) return name;
  const near = nearest(name, known);
  const hint = near ? `did you mean '${near}'?` : `there are ${known.join(', ') || 'none: run `mlops compile`'}`;
  throw new UsageError(`there is no pipeline '${name}'; ${hint}`);
}
