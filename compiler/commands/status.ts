import pc from 'picocolors';
import { atCurrent } from '../operate/releases.ts';
import { platformStatus, printStatus } from '../operate/supervisor/status.ts';
import { openWorkspace, requireCompiled } from '../operate/workspace.ts';
import type { Command } from './command.ts';
import { environmentOption, reportingFailures, workspaceOf } from './operating.ts';

export const command: Command = {
  options: {
    env: environmentOption,
    'without-champion': {
      type: 'boolean',
      default: false,
      help: 'exit 0 also where nothing is amiss but that a model has no champion yet',
    },
    format: { type: 'string', default: 'text', choices: ['text', 'json'], help: 'how to print it' },
  },
  run: ({ options }, context) =>
    reportingFailures(context, async () => {
      const workspace = atCurrent(openWorkspace(context.root, String(options['env'])));
      const status = await platformStatus(workspace);
      const colors = pc.createColors(context.color);
      if (options['format'] === 'json') context.out(`${JSON.stringify(status, null, 2)}\n`);
      else if (status.processes.length === 0) {
        requireCompiled(workspaceOf(context, options));
        context.out(`Nothing of '${workspace.environment}' is running; \`mlops up\` starts it.\n`);
      } else {
        context.out(
          `${printStatus(status, (state) => (state === 'healthy' ? colors.green(state) : colors.red(state)))}\n`,
        );
        if (!status.isSupervised)
          context.out(
            '\nThe supervisor has gone: nothing restarts these. `mlops up` looks after them again, `mlops down` ' +
              'stops them.\n',
          );
      }
      if (options['format'] !== 'json') for (const each of status.damaged) context.out(`\n${each}\n`);
      return (options['without-champion'] === true ? status.isUp : status.isHealthy) ? 0 : 1;
    }),
};
