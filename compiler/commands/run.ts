import { airflowOf } from '../operate/pipelines/airflow.ts';
import { requireWholeDatabases } from '../operate/supervisor/databases.ts';
import { readPlan } from '../operate/supervisor/process-plan.ts';
import { requireRunning } from '../operate/supervisor/supervisor.ts';
import { difference } from '../release/differs.ts';
import type { Command } from './command.ts';
import { followOption, followToEnd, knownPipeline } from './following.ts';
import { environmentOption, reportingFailures, runningOf } from './operating.ts';

export const command: Command = {
  options: { env: environmentOption, follow: followOption },
  run: ({ positionals, options }, context) =>
    reportingFailures(context, async () => {
      const workspace = runningOf(context, options);
      const pipeline = knownPipeline(workspace, positionals[0] ?? '');
      // Another checkout's Airflow may answer at the same address.
      await requireRunning(workspace);
      await requireWholeDatabases(workspace, readPlan(workspace).databases);
      const behind = difference(workspace);
      if (behind !== null) context.err(`${behind}\n`);
      const airflow = airflowOf(workspace);
      const started = await airflow.trigger(pipeline);
      context.out(
        `Started ${pipeline}: ${airflow.url}/dags/${pipeline}/runs/${encodeURIComponent(started.dag_run_id)}\n`,
      );
      return options['follow'] ? followToEnd(context, workspace, airflow, started) : 0;
    }),
};
