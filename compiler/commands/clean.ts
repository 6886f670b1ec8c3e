import { relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { formatBytes } from '../diagnostics/bytes.ts';
import { printable } from '../diagnostics/printable.ts';
import { type Leftover, leftoversOf, remove } from '../operate/leftovers.ts';
import { openWorkspace } from '../operate/workspace.ts';
import { type Command, type Context, UsageError } from './command.ts';
import { reportingFailures } from './operating.ts';
import { count } from './report.ts';

const DAY = 24 * 60 * 60 * 1000;

export const command: Command = {
  options: {
    older: { type: 'string', value: 'DAYS', default: '14', help: 'logs that nothing was written to for so many days' },
    data: { type: 'boolean', default: false, help: 'all state of environments that do not run, their data included' },
    yes: { type: 'boolean', default: false, help: 'remove without asking' },
    format: { type: 'string', default: 'text', choices: ['text', 'json'], help: 'how to print it' },
  },
  run: ({ options }, context) =>
    reportingFailures(context, async () => {
      const days = String(options['older']);
      if (!/^\d{1,5}$/.test(days)) throw new UsageError(`--older '${printable(days)}' is no number of days`);
      const { root } = openWorkspace(context.root, 'local');
      const wanted = { before: Date.now() - Number(days) * DAY, data: options['data'] === true };
      const { found, kept } = leftoversOf(root, wanted);
      const isText = options['format'] === 'text';
      if (isText) show(root, found, kept, context);
      const isWanted = found.length > 0 && (options['yes'] === true || (isText && (await agreed(context))));
      // What has been started meanwhile is another matter.
      const still = isWanted ? new Set(leftoversOf(root, wanted).found.map(({ path }) => path)) : new Set();
      const removed = found.filter(({ path }) => still.has(path));
      for (const each of removed) remove(each);
      const freed = sum(removed);
      if (!isText) context.out(`${JSON.stringify({ found, kept, removed: removed.map(({ path }) => path), freed })}\n`);
      else if (removed.length > 0) context.out(`Removed ${count(removed.length, 'thing')}, ${formatBytes(freed)}.\n`);
      else if (found.length > 0) context.out('Nothing was removed; --yes removes it without asking.\n');
      return 0;
    }),
};

function show(root: string, found: readonly Leftover[], kept: readonly string[], context: Context): void {
  for (const { path, what, bytes } of found)
    context.out(`${formatBytes(bytes).padStart(9)}  ${printable(relative(root, path))}  (${what})\n`);
  context.out(found.length > 0 ? `${formatBytes(sum(found)).padStart(9)}  in all\n` : 'There is nothing to remove.\n');
  for (const each of kept) context.out(`${each}\n`);
}

async function agreed(context: Context): Promise<boolean> {
  if (!context.isTerminal || !process.stdin.isTTY) return false;
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await asking.question('Remove it? [y/N] ')).trim());
  } finally {
    asking.close();
  }
}

const sum = (all: readonly Leftover[]): number => all.reduce((total, { bytes }) => total + bytes, 0);
