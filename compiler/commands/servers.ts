import pc from 'picocolors';
import { OperationError } from '../diagnostics/operation-error.ts';
import { serverInstallations } from '../release/install-servers.ts';
import { type Command, UsageError } from './command.ts';

export const command: Command = {
  options: {},
  async run({ positionals }, context) {
    if (positionals[0] !== 'install') throw new UsageError('servers has the action install');
    const colors = pc.createColors(context.color);
    let exit = 0;
    for (const { title, work } of serverInstallations()) {
      try {
        context.out(`${colors.green('✓')} ${title}: ${await work()}\n`);
      } catch (problem) {
        if (!(problem instanceof OperationError)) throw problem;
        context.out(`${colors.red('✗')} ${title}: ${problem.message}\n`);
        exit = 1;
      }
    }
    return exit;
  },
};
