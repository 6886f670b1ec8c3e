import { analyse } from '../compile.ts';
import { readSources } from '../source/read.ts';
import type { Command } from './command.ts';
import { count, formatOption, report, tally } from './report.ts';

export const command: Command = {
  name: 'validate',
  summary: 'Check the specs, and write nothing.',
  positionals: [],
  options: { format: formatOption },
  async run({ options }, context) {
    const sources = readSources(context.root);
    const analysis = analyse(sources);
    report(analysis, String(options['format']), context);
    if (options['format'] !== 'text') return analysis.ir ? 0 : 1;
    if (!analysis.ir) {
      context.err(`${tally(analysis.findings)} in ${count(sources.specs.length, 'spec')}.\n`);
      return 1;
    }
    context.out(`${count(sources.specs.length, 'spec')} checked: ${tally(analysis.findings)}.\n`);
    return 0;
  },
};
