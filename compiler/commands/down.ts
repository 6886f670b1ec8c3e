import { removeContainers } from '../operate/containers/containers.ts';
import { runsInContainers } from '../operate/containers/contract.ts';
import { atCurrent } from '../operate/releases.ts';
import { stopPlatform } from '../operate/supervisor/stop.ts';
import { openWorkspace } from '../operate/workspace.ts';
import type { Command } from './command.ts';
import { environmentOption, reportingFailures } from './operating.ts';

export const command: Command = {
  options: { env: environmentOption },
  run: ({ options }, context) =>
    reportingFailures(context, async () => {
      const workspace = atCurrent(openWorkspace(context.root, String(options['env'])));
      if (runsInContainers(workspace)) {
        const removed = await removeContainers(workspace);
        const stay = 'What they stored stays in their volumes.';
        context.out(
          removed === 0
            ? `Nothing of '${workspace.environment}' is running.\n`
            : `Stopped '${workspace.environment}': ${removed} containers. ${stay}\n`,
        );
        return 0;
      }
      const count = await stopPlatform(workspace);
      context.out(
        count === 0
          ? `Nothing of '${workspace.environment}' is running.\n`
          : `Stopped '${workspace.environment}': ${count} processes.\n`,
      );
      return 0;
    }),
};
