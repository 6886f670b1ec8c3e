import { analyse } from '../compile.ts';
import { readSources } from '../source/read.ts';
import type { Command } from './command.ts';
import { report } from './report.ts';

export const command: Command = {
  name: 'ir',
  summary: 'Print what the specs mean, resolved and with all defaults, as JSON.',
  positionals: [],
  options: {},
  async run(_, context) {
    const analysis = analyse(readSources(context.root));
    report(analysis, 'text', context);
    if (!analysis.ir) return 1;
    context.out(`${JSON.stringify(analysis.ir, null, 2)}\n`);
    return 0;
  },
};
