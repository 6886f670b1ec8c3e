import { backUp } from '../backup/backup.ts';
import { printable } from '../diagnostics/printable.ts';
import { formatBytes } from '../operate/machine/memory.ts';
import { type Command, UsageError } from './command.ts';
import { environmentOption, reportingFailures, workspaceOf } from './operating.ts';
import { count } from './report.ts';

export const command: Command = {
  options: {
    env: environmentOption,
    to: { type: 'string', value: 'FOLDER', help: 'where backups are kept, of any number of environments' },
    format: { type: 'string', default: 'text', choices: ['text', 'json'], help: 'how to print it' },
  },
  run: ({ options }, context) =>
    reportingFailures(context, async () => {
      if (!options['to']) throw new UsageError('--to names the folder to back up to, best on another disk');
      const made = await backUp(workspaceOf(context, options), String(options['to']));
      if (options['format'] === 'json') {
        context.out(`${JSON.stringify(made)}\n`);
        return 0;
      }
      const { id, files, bytes, copied, leftOut } = made;
      context.out(
        `Backup ${id} of '${options['env']}': ${count(files, 'file')}, ${formatBytes(bytes)}, of which ` +
          `${formatBytes(copied.bytes)} were new. It holds secrets: keep it where only you can read.\n`,
      );
      for (const path of leftOut) context.out(`Left out: ${printable(path)}, which leads outside or is no file.\n`);
      return 0;
    }),
};
