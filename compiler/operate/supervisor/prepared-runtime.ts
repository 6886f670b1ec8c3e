/**
 * The platform's Python, started once for many calls: what takes seconds to import is imported once, and each call is
 * a fork of it (runtime/mlops_runtime/machine/fork_server.py). It ends with this process, however that ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { openLog } from '../machine/log-file.ts';
import { describeExit, type ToolEnd } from '../machine/run-tool.ts';
import type { Workspace } from '../workspace.ts';
import { platformEnvironment } from './units.ts';

interface Answer {
  id: number;
  /** Negative: the number of a signal. */
  status: number;
  output: string;
}

interface Prepared {
  server: ChildProcess;
  stdin: Writable;
  stdout: Readable;
  open: Map<number, (end: ToolEnd) => void>;
}

/** One for each release and set of variables: what a call is started with is what it would be alone. */
const prepared = new Map<string, Prepared>();
let calls = 0;

/** As `startTool` of `python -m mlops_runtime …` would end. */
export async function callPrepared(
  workspace: Workspace,
  words: string[],
  { log, input }: { log: string; input: string },
): Promise<ToolEnd> {
  closeSync(openLog(log, 'w'));
  const { server, stdin, stdout, open } = preparedFor(workspace);
  calls += 1;
  const id = calls;
  // While somebody waits for an answer, and no longer, it keeps this process alive.
  const kept = [server, stdin, stdout] as unknown as { ref(): void; unref(): void }[];
  for (const each of kept) each.ref();
  const ended = new Promise<ToolEnd>((resolve) => open.set(id, resolve));
  stdin.write(`${JSON.stringify({ id, words, input, log })}\n`);
  const end = await ended;
  if (open.size === 0) for (const each of kept) each.unref();
  return end;
}

function preparedFor(workspace: Workspace): Prepared {
  const env = platformEnvironment(workspace, 'deploy');
  const key = JSON.stringify([workspace.python, workspace.root, env]);
  const before = prepared.get(key);
  if (before) return before;
  const made = start(workspace, env);
  prepared.set(key, made);
  made.server.once('close', () => prepared.delete(key));
  return made;
}

function start(workspace: Workspace, env: Record<string, string>): Prepared {
  const own = join(workspace.logs, 'answer.log');
  const log = openLog(own, 'w');
  const server = spawn(workspace.python, ['-m', 'mlops_runtime', 'answer'], {
    cwd: workspace.root,
    env,
    stdio: ['pipe', 'pipe', log],
  });
  closeSync(log);
  const { stdin, stdout } = server;
  if (stdin === null || stdout === null) throw new Error('the runtime was started without its pipes');
  const open: Prepared['open'] = new Map();
  const take = (id: number, end: ToolEnd): void => {
    open.get(id)?.(end);
    open.delete(id);
  };
  createInterface({ input: stdout }).on('line', (line) => {
    const { id, status, output } = JSON.parse(line) as Answer;
    take(id, { exit: status === 0 ? '0' : describeExit(status > 0 ? status : null, signalOf(-status)), output });
  });
  const lost = (exit: string): void => {
    for (const id of [...open.keys()]) take(id, { exit, output: '', log: own });
  };
  stdin.on('error', () => {}); // told by how it ends
  server.once('error', (problem) => lost(problem.message));
  server.once('close', (code, signal) => lost(describeExit(code, signal)));
  return { server, stdin, stdout, open };
}

const signalOf = (number: number): NodeJS.Signals | null =>
  (Object.entries(constants.signals).find(([, each]) => each === number)?.[0] as NodeJS.Signals | undefined) ?? null;
