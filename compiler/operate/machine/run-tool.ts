import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, readFileSync } from 'node:fs';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { openLog } from './log-file.ts';

export interface ToolCall {
  command: string[];
  cwd: string;
  env: Record<string, string>;
  /** Its standard error goes here, and its standard output too unless that is `capture`d. */
  log: string;
  /** Hands its standard output to the caller. */
  capture?: boolean;
  /** Its standard input; none by default. */
  input?: string;
  /** Seconds until it is killed. Without, it may take as long as it likes. */
  patience?: number;
}

/**
 * Runs one program to its end, in our own process group (Ctrl-C reaches it too), and gives back what it printed (when
 * captured). A failure says what was run, in the tool's own words, and where the whole log is.
 */
export const runTool = async (what: string, call: ToolCall): Promise<string> =>
  outputOf(what, call.log, await startTool(call));

export interface ToolEnd {
  /** `0`, `exit status 3`, `signal SIGKILL` or `no end within 60 s`. */
  exit: string;
  output: string;
  /** Where the reason stands, if not in the log that was asked for. */
  log?: string;
}

export function outputOf(what: string, asked: string, { exit, output, log = asked }: ToolEnd): string {
  if (exit === '0') return output;
  throw new OperationError(`${what} failed (${exit}).\n${quoteLog(log)}`, 1);
}

export async function startTool(call: ToolCall): Promise<ToolEnd> {
  const log = openLog(call.log, 'w');
  const [program = '', ...args] = call.command;
  const child = spawn(program, args, {
    cwd: call.cwd,
    env: call.env,
    stdio: [call.input === undefined ? 'ignore' : 'pipe', call.capture ? 'pipe' : log, log],
  });
  closeSync(log);
  // One that ends without reading is described by how it ends.
  child.stdin?.on('error', () => {}).end(call.input);
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return { exit: await endedWithin(child, call.patience), output };
}

/** What it has started may hold its output open, and is not waited for. */
async function endedWithin(child: ChildProcess, patience: number | undefined): Promise<string> {
  if (patience === undefined) return ended(child);
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    child.kill('SIGKILL');
    child.stdout?.destroy();
  }, patience * 1000);
  try {
    const exit = await ended(child);
    return isOver ? `no end within ${patience} s` : exit;
  } finally {
    clearTimeout(timer);
  }
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code === 0 ? '0' : describeExit(code, signal)));
  });
}

export function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ? `signal ${signal}` : `exit status ${code}`;
}

/** The last lines of a log, set off, and its path. */
export function quoteLog(log: string, lines = 12): string {
  const tail = lastLines(log, lines).map((line) => `    ${line}`);
  return [...(tail.length > 0 ? tail : ['    (it printed nothing)']), `  Its log: ${log}`].join('\n');
}

export function lastLines(log: string, count: number): string[] {
  try {
    return readFileSync(log, 'utf8')
      .trimEnd()
      .split('\n')
      .filter(Boolean)
      .slice(-count)
      .map((line) => line.slice(0, 400));
  } catch {
    return [];
  }
}
