import { stopOnInterrupt } from '../operate/interrupt.ts';
import { createProgress } from '../operate/progress.ts';
import { atCurrent } from '../operate/releases.ts';
import { logInsOf } from '../operate/supervisor/log-ins.ts';
import { readRecord } from '../operate/supervisor/run-state.ts';
import { startAndDeploy } from '../release/deploy.ts';
import type { Command } from './command.ts';
import { environmentOption, reportingFailures, workspaceOf } from './operating.ts';

export const command: Command = {
  options: { env: environmentOption },
  run: ({ options }, context) =>
    reportingFailures(context, async () => {
      const workspace = workspaceOf(context, options);
      const progress = createProgress(context);
      await stopOnInterrupt(workspace, progress, async () => {
        await startAndDeploy(workspace, progress, { owned: false });
      });
      for (const { name, address } of readRecord(workspace)?.units ?? [])
        if (address) progress.line(`  ${name.padEnd(28)} ${address}`);
      for (const line of logInsOf(atCurrent(workspace))) progress.line(line);
      return 0;
    }),
};
