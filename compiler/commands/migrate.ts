import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { migrate } from '../migrate/migrate.ts';
import { readSources } from '../source/read.ts';
import { withRepositoryLock } from '../write/lock.ts';
import { replaceFiles } from '../write/replace.ts';
import type { Command } from './command.ts';
import { reportingFailures } from './operating.ts';
import { count } from './report.ts';

export const command: Command = {
  options: { 'dry-run': { type: 'boolean', default: false, help: 'say what would be changed, and write nothing' } },
  run: ({ options }, context) =>
    reportingFailures(context, async () => {
      const dry = options['dry-run'] === true;
      const work = () => {
        const migrated = migrate(readSources(context.root).specs);
        if (!dry) replaceFiles(context.root, migrated.texts);
        return migrated;
      };
      const { texts, done, refused } = dry ? work() : withRepositoryLock(context.root, work);
      if (refused) throw new OperationError(refused);
      for (const { path, says } of done) context.out(`${printable(path)}: ${says}\n`);
      context.out(
        done.length === 0
          ? 'Nothing to lift: the specs are of this version of the language.\n'
          : `${count(texts.size, 'file')} ${dry ? 'to lift' : 'lifted'}; \`mlops validate\` checks all.\n`,
      );
      return 0;
    }),
};
