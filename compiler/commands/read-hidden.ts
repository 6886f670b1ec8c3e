/** A value that nobody shall read over one's shoulder. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { type Context, UsageError } from './command.ts';

/** Of standard input to its end, or where that is a terminal one line that it does not show. */
export async function readHidden(prompt: string, longest: number, context: Context): Promise<string> {
  return process.stdin.isTTY ? promptHidden(prompt, context) : readAll(longest);
}

async function readAll(longest: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    size += part.length;
    // A line's end, and no more.
    if (size > longest + 2) throw new UsageError(`a value has at most ${longest / 1024} kB`);
    parts.push(part);
  }
  return new TextDecoder('utf-8', { fatal: false }).decode(Buffer.concat(parts));
}

function promptHidden(prompt: string, context: Context): Promise<string> {
  context.err(prompt);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  return new Promise((resolve, reject) => {
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
      context.err('\n');
    });
    lines.once('SIGINT', () => {
      reject(new UsageError('interrupted; nothing was set'));
      lines.close();
      context.err('\n');
    });
    lines.once('close', () => resolve(''));
  });
}
