import { analyse } from '../compile.ts';
import { readSources } from '../source/read.ts';
import type { Command } from './command.ts';
import { count, formatOption, listSuppressed, report, tally } from './report.ts';
import { dayOf, todayOption } from './today.ts';

export const command: Command = {
  options: {
    format: formatOption,
    suppressed: {
      type: 'boolean',
      help: 'list what comments suppress, with the reasons and the days on which they end',
    },
    today: todayOption,
  },
  async run({ options }, context) {
    const sources = readSources(context.root);
    const analysis = analyse(sources, dayOf(options));
    report(analysis, String(options['format']), context);
    if (options['format'] !== 'text') return analysis.ir ? 0 : 1;
    if (!analysis.ir) {
      context.err(`${tally(analysis.findings)} in ${count(sources.specs.length, 'spec')}.\n`);
      return 1;
    }
    if (options['suppressed']) listSuppressed(analysis.suppressed, context);
    context.out(`${count(sources.specs.length, 'spec')} checked: ${tally(analysis.findings)}.\n`);
    return 0;
  },
};
