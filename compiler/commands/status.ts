import pc from 'picocolors';
import { containerStatus } from '../operate/containers/containers.ts';
import { runsInContainers } from '../operate/containers/contract.ts';
import { atCurrent } from '../operate/releases.ts';
import { logInsOf } from '../operate/supervisor/log-ins.ts';
import { platformStatus, printStatus } from '../operate/supervisor/status.ts';
import { openWorkspace, requireCompiled, type Workspace } from '../operate/workspace.ts';
import type { Command, Context } from './command.ts';
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
      if (runsInContainers(workspace)) return await ofContainers(workspace, options['format'] === 'json', context);
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
        for (const line of logInsOf(workspace)) context.out(`\n${line}\n`);
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

/** Whether a model has a champion is no matter of a container: its API is healthy when it answers. */
async function ofContainers(workspace: Workspace, isJson: boolean, { out }: Context): Promise<number> {
  const containers = await containerStatus(workspace);
  const { environment } = workspace;
  if (isJson) out(`${JSON.stringify({ environment, containers }, null, 2)}\n`);
  else if (containers.length === 0) out(`Nothing of '${environment}' was deployed here; \`mlops deploy\` does.\n`);
  else for (const { service, state } of containers) out(`${service.padEnd(32)} ${state}\n`);
  return containers.length > 0 && containers.every(({ isWell }) => isWell) ? 0 : 1;
}
