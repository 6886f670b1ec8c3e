import { removeContainers } from '../operate/containers/containers.ts';
import { runsInContainers } from '../operate/containers/contract.ts';
import { atCurrent } from '../operate/releases.ts';
import { stopPlatform } from '../operate/supervisor/stop.ts';
import { openWorkspace, requireKnown } from '../operate/workspace.ts';
import type { Command } from './command.ts';
import { environmentOption, reportingFailures } from './operating.ts';
import { count } from './report.ts';

export const command: Command = {
  options: { env: environmentOption },
  run: ({ options }, context) =>
    reportingFailures(context, async () => {
      const asked = openWorkspace(context.root, String(options['env']));
      requireKnown(asked);
      const workspace = atCurrent(asked);
      if (runsInContainers(workspace)) {
        const removed = await removeContainers(workspace);
        const stay = 'What they stored stays in their volumes.';
        context.out(
          removed === 0
            ? `Nothing of '${workspace.environment}' is running.\n`
            : `Stopped '${workspace.environment}': ${count(removed, 'container')}. ${stay}\n`,
        );
        return 0;
      }
      const stopped = await stopPlatform(workspace);
      context.out(
        stopped === 0
          ? `Nothing of '${workspace.environment}' is running.\n`
          : `Stopped '${workspace.environment}': ${stopped} process${stopped === 1 ? '' : 'es'}.\n`,
      );
      return 0;
    }),
};
