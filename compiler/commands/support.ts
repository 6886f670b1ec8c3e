import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { analyse } from '../compile.ts';
import { formatBytes } from '../diagnostics/bytes.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { openWorkspace } from '../operate/workspace.ts';
import { readSources } from '../source/read.ts';
import { archive } from '../support/archive.ts';
import type { Command, Context } from './command.ts';
import { environmentOption, reportingFailures } from './operating.ts';

export const command: Command = {
  options: {
    env: environmentOption,
    out: { type: 'string', value: 'FILE', help: 'where to write it (default: mlops-support-ENV.tar.gz here)' },
  },
  run: ({ options }, context) =>
    reportingFailures(context, async () => {
      const environment = String(options['env']);
      // It becomes a part of paths before anybody has checked that there is such an environment.
      if (!/^[a-z][a-z0-9_-]*$/i.test(environment))
        throw new OperationError(`'${printable(environment)}' is no name of an environment.`);
      const workspace = openWorkspace(context.root, environment);
      const file = resolve(String(options['out'] ?? `mlops-support-${environment}.tar.gz`));
      const { bytes, files, problems } = await archive(workspace, [['findings.txt', () => findings(context)]]);
      write(file, bytes);
      const name = relative(process.cwd(), file);
      context.out(`${printable(name)}: ${files.length} files, ${formatBytes(bytes.length)}, secrets covered.\n`);
      for (const each of problems) context.out(`  not whole: ${printable(each)}\n`);
      context.out(`Look at it before you send it: \`tar -xzf ${printable(name)}\`.\n`);
      return 0;
    }),
};

function findings({ root }: Context): string {
  const lines = analyse(readSources(root)).findings.map(
    ({ code, at, message }) => `${code} ${at.file}:${at.line} ${message}`,
  );
  return lines.length === 0 ? 'no findings\n' : `${lines.join('\n')}\n`;
}

/** Never over something that is there. */
function write(file: string, bytes: Uint8Array): void {
  try {
    writeFileSync(file, bytes, { flag: 'wx', mode: 0o600 });
  } catch (problem) {
    const { code, message } = problem as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new OperationError(`${file} is there already; move it away, or name another file with --out.`);
    throw new OperationError(`${file} cannot be written (${message}); name another file with --out.`);
  }
}
