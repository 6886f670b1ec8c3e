/** Runs `mlops` once per line of standard input (a JSON array of arguments), and answers with the exit code. */
import { createInterface } from 'node:readline';
import { main } from '../../cli.ts';

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  let printed = '';
  const keep = (text: string): void => {
    printed += text;
  };
  const exit = await main(JSON.parse(line) as string[], { out: keep, err: keep });
  console.log(JSON.stringify({ exit, printed }));
}
