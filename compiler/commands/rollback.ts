import { createProgress } from '../operate/progress.ts';
import { rollback } from '../release/deploy.ts';
import type { Command } from './command.ts';
import { environmentOption, releasedTo, reportingFailures } from './operating.ts';

export const command: Command = {
  options: { env: environmentOption },
  run: ({ positionals, options }, context) =>
    reportingFailures(context, async () => {
      const progress = createProgress(context);
      const release = await rollback(releasedTo(context, options), progress, positionals[0] ?? null);
      progress.line(`'${options['env']}' runs release ${release}.`);
      return 0;
    }),
};
