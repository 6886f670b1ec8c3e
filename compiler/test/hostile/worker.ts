/** Runs `mlops` in a folder, once per line of standard input: `{cwd, argv}` → `{exit, out, err}`. */
import { chdir } from 'node:process';
import { createInterface } from 'node:readline';
import { main } from '../../cli.ts';

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const { cwd, argv } = JSON.parse(line) as { cwd: string; argv: string[] };
  const printed = { out: '', err: '' };
  chdir(cwd);
  const exit = await main(argv, {
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
  });
  // The folder will be deleted.
  chdir('/');
  console.log(JSON.stringify({ exit, ...printed }));
}
