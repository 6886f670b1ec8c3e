/** The real command line, called on a sandbox. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from './sandbox.ts';

const cli = fileURLToPath(new URL('../../compiler/cli.ts', import.meta.url));

export interface Call {
  child: ChildProcess;
  printed: () => string;
  exit: Promise<number | null>;
}

export function begin({ workspace }: Pick<Sandbox, 'workspace'>, ...args: string[]): Call {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), cli, '-C', workspace.root, ...args], {
    cwd: new URL('../..', import.meta.url),
  });
  const texts: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => void texts.push(text));
  return { child, printed: () => texts.join(''), exit: new Promise((resolve) => child.once('close', resolve)) };
}

/** To its end. */
export async function mlops(
  sandbox: Pick<Sandbox, 'workspace'>,
  ...args: string[]
): Promise<{ exit: number | null; printed: string }> {
  const call = begin(sandbox, ...args);
  return { exit: await call.exit, printed: call.printed() };
}
