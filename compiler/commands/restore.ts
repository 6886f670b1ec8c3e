import { statedKey } from '../backup/key.ts';
import { restore } from '../backup/restore.ts';
import { printable } from '../diagnostics/printable.ts';
import { keyOption } from './backup.ts';
import { type Command, UsageError } from './command.ts';
import { environmentOption, reportingFailures, workspaceOf } from './operating.ts';
import { count } from './report.ts';

export const command: Command = {
  options: {
    env: environmentOption,
    from: { type: 'string', value: 'FOLDER[/ID]', help: 'where backups are kept: its newest, or the one named' },
    key: keyOption,
    force: { type: 'boolean', default: false, help: 'also in the place of data, which is kept beside' },
    format: { type: 'string', default: 'text', choices: ['text', 'json'], help: 'how to print it' },
  },
  run: ({ options }, context) =>
    reportingFailures(context, async () => {
      if (!options['from']) throw new UsageError('--from names the folder of backups, or one of them: FOLDER/ID');
      const restored = await restore(workspaceOf(context, options), String(options['from']), {
        force: options['force'] === true,
        cipher: statedKey(options['key'] as string | undefined),
      });
      if (options['format'] === 'json') {
        context.out(`${JSON.stringify(restored)}\n`);
        return 0;
      }
      const { id, at, files, leftOut, notes, before } = restored;
      const env = String(options['env']);
      context.out(
        `'${env}' is as it was at ${at.slice(0, 19).replace('T', ' ')} UTC: ${count(files, 'file')} of backup ${id}.\n`,
      );
      for (const path of leftOut) context.out(`The backup is without ${printable(path)}.\n`);
      for (const note of notes) context.out(`${printable(note)}\n`);
      if (before !== null) context.out(`What was there before is kept in ${printable(before)}.\n`);
      context.out(`\`mlops up --env ${env}\` starts it.\n`);
      return 0;
    }),
};
