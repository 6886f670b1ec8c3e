import { createProgress } from '../operate/progress.ts';
import { deploy } from '../release/deploy.ts';
import type { Command } from './command.ts';
import { requireCurrent } from './current.ts';
import { environmentOption, reportingFailures, workspaceOf } from './operating.ts';

export const command: Command = {
  options: { env: environmentOption },
  run: ({ options }, context) =>
    reportingFailures(context, async () => {
      const environment = String(options['env']);
      requireCurrent(context.root, environment);
      const progress = createProgress(context);
      await deploy(workspaceOf(context, options), progress);
      progress.line(`'${environment}' runs what is compiled.`);
      return 0;
    }),
};
