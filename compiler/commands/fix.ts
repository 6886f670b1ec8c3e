import { printable } from '../diagnostics/printable.ts';
import { mend } from '../mend.ts';
import { readSources } from '../source/read.ts';
import { withRepositoryLock } from '../write/lock.ts';
import { replaceFiles } from '../write/replace.ts';
import type { Command } from './command.ts';
import { count, report, tally } from './report.ts';
import { dayOf, todayOption } from './today.ts';

export const command: Command = {
  options: {
    'dry-run': { type: 'boolean', help: 'say what would be changed, and write nothing' },
    today: todayOption,
  },
  async run({ options }, context) {
    const dry = options['dry-run'] === true;
    const today = dayOf(options);
    const fix = () => {
      const mended = mend(readSources(context.root), today);
      if (!dry) replaceFiles(context.root, mended.texts);
      return mended;
    };
    const { fixed, texts, analysis } = dry ? fix() : withRepositoryLock(context.root, fix);
    for (const { code, at, fix } of fixed)
      context.out(`${printable(`${at.file}:${at.line}:${at.column} ${code}: ${fix?.title}`)}\n`);
    if (analysis.findings.length > 0) report(analysis, 'text', context);
    const verb = dry ? 'can be fixed' : 'fixed';
    context.out(
      `${count(fixed.length, 'finding')} ${verb} in ${count(texts.size, 'file')}; ${tally(analysis.findings)} left.\n`,
    );
    return analysis.ir ? 0 : 1;
  },
};
