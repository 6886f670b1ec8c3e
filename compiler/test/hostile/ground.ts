/** A repository in a folder that holds something outside of it, and the command called on it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BASE } from '../cases.ts';
import { type Ground, OUTSIDE_TEXT } from './scene.ts';

/** Far more than any of it takes. */
const DEADLINE = 120_000;

export interface Answer {
  exit: number | null;
  out: string;
  err: string;
}

export type Run = (cwd: string, argv: readonly string[]) => Promise<Answer>;

export function onGround<T>(put: (ground: Ground) => void, work: (ground: Ground) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  const outside = join(folder, 'outside');
  const ground = { folder, outside, root: join(folder, 'repository'), canary: join(outside, 'canary') };
  cpSync(BASE, ground.root, { recursive: true });
  mkdirSync(outside);
  for (const name of ['clicks.yaml', 'platform.yaml', 'train.py', 'requirements.lock', 'manifest.json'])
    writeFileSync(join(outside, name), `${OUTSIDE_TEXT}\n`);
  put(ground);
  return work(ground).finally(() => rmSync(folder, { recursive: true, force: true }));
}

export async function inTime<T>(child: ChildProcess, work: Promise<T>): Promise<T> {
  const late = setTimeout(() => child.kill('SIGKILL'), DEADLINE);
  return work.finally(() => clearTimeout(late));
}

/** `mlops` by its program, `bin/mlops.js` of a checkout or of the package. */
export const runProgram =
  (program: string): Run =>
  async (cwd, argv) => {
    const child = spawn(process.execPath, [program, ...argv], { cwd });
    const answer: Answer = { exit: null, out: '', err: '' };
    child.stdout.on('data', (data) => {
      answer.out += data;
    });
    child.stderr.on('data', (data) => {
      answer.err += data;
    });
    answer.exit = await inTime(child, new Promise((resolve) => child.on('close', resolve)));
    return answer;
  };
