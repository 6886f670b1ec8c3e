import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { runTool } from '../operate/machine/run-tool.ts';
import { createProgress, inStage } from '../operate/progress.ts';
import { requireWholeDatabases } from '../operate/supervisor/databases.ts';
import { readPlan } from '../operate/supervisor/process-plan.ts';
import { requireRunning } from '../operate/supervisor/supervisor.ts';
import { platformEnvironment } from '../operate/supervisor/units.ts';
import { isDay } from '../source/suppressions.ts';
import { type Command, UsageError } from './command.ts';
import { environmentOption, reportingFailures, runningOf } from './operating.ts';

export const command: Command = {
  options: {
    env: environmentOption,
    from: { type: 'string', value: 'DATE', help: 'begin of the stretch, as YYYY-MM-DD or a time of ISO 8601 (UTC)' },
    to: { type: 'string', value: 'DATE', help: 'its end' },
  },
  run: ({ positionals, options }, context) =>
    reportingFailures(context, async () => {
      const [from, to] = [moment(options, 'from'), moment(options, 'to')];
      if (Date.parse(from) >= Date.parse(to)) throw new UsageError(`--from ${from} is not before --to ${to}`);
      const workspace = runningOf(context, options);
      if (!existsSync(workspace.python))
        throw new OperationError('There is no Python environment yet. Run `mlops up` first.');
      await requireRunning(workspace);
      await requireWholeDatabases(workspace, readPlan(workspace).databases);
      const view = positionals[0] ?? '';
      const call = {
        command: [workspace.python, '-m', 'mlops_runtime', 'backfill', view, '--from', from, '--to', to],
        cwd: workspace.root,
      };
      const log = join(workspace.logs, 'backfill.log');
      const output = await inStage(createProgress(context), `Backfill of ${view}`, () =>
        runTool(`The backfill of ${view}`, { ...call, env: platformEnvironment(workspace), log, capture: true }),
      );
      context.out(output);
      return 0;
    }),
};

function moment(options: Record<string, string | boolean | undefined>, name: 'from' | 'to'): string {
  const text = options[name];
  if (typeof text !== 'string') throw new UsageError(`backfill needs --${name} DATE`);
  const isTime = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/.test(text) && !Number.isNaN(Date.parse(text));
  if (!isTime || !isDay(text.slice(0, 10)))
    throw new UsageError(`--${name} '${text}' is not a date such as 2026-01-31`);
  return text;
}
