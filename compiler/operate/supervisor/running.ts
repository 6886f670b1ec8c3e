/** One process that the supervisor looks after: its child, or one that it has taken over from another supervisor. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, renameSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLog } from '../machine/log-file.ts';
import {
  DIGEST_MARKER,
  identify,
  isAlive,
  MARKER,
  markedProcesses,
  type ProcessId,
  signal,
} from '../machine/process-table.ts';
import { describeExit } from '../machine/run-tool.ts';
import { rollingVariables } from './rolling.ts';
import type { Unit } from './units.ts';

export interface Running {
  /** Null where it could not be started. */
  id: ProcessId | null;
  /** How it ended, in words. */
  exit: Promise<string>;
}

/** How soon the end of a process that is no child is seen, in milliseconds. */
const LOOK = 500;

/** In a process group of its own: the terminal's Ctrl-C does not reach it, and its children can be ended with it. */
export function start(unit: Unit, isRestart: boolean, before: ProcessId | null): Running {
  const log = logOf(unit, isRestart || before !== null);
  const [program = '', ...args] = unit.command;
  const env = { ...unit.env, ...rollingVariables(unit, before), [DIGEST_MARKER]: unit.digest };
  const child = spawn(program, args, { cwd: unit.cwd, env, detached: true, stdio: ['ignore', log, log] });
  if (log !== 'ignore') closeSync(log);
  const exit = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message)); // such as a program that is not there
    child.once('exit', (code, signal) => resolve(describeExit(code, signal)));
  });
  return { id: child.pid === undefined ? null : identify(child.pid), exit };
}

/** Its exit status goes to init. That it has ended is known by its start time, as its number may be used again. */
export function adopt(id: ProcessId): Running {
  const gone = async (): Promise<string> => {
    while (isAlive(id)) await sleep(LOOK);
    return 'it ended, and its status went to the system';
  };
  return { id, exit: gone() };
}

/** The process and its group, or nobody where it has ended. */
export function signalGroup(running: Running | null, name: NodeJS.Signals): void {
  if (!running?.id || !isAlive(running.id)) return;
  try {
    process.kill(-running.id.pid, name);
  } catch {
    // It has just ended.
  }
}

/** What an ended process left in its group, such as workers that go on accepting at its port: asked, then killed. */
export async function endLeft({ name, env }: Unit, { id }: Running, beforeKill: number): Promise<void> {
  const left = () => markedProcesses(env[MARKER] ?? '').filter((each) => each.unit === name && each.group === id?.pid);
  for (const signalled of ['SIGTERM', 'SIGKILL'] as const) {
    for (const each of left()) signal(each, signalled);
    for (let waited = 0; left().length > 0 && waited < beforeKill; waited += 100) await sleep(100);
  }
}

/**
 * A start keeps the log of the run before as `.1`; a restart goes on in the same log, and so does what follows a
 * process that still writes there. Where none can be written, the process runs without one: what it does is worth more.
 */
function logOf({ log }: Unit, goesOn: boolean): number | 'ignore' {
  try {
    if (!goesOn && existsSync(log)) {
      rmSync(`${log}.1`, { recursive: true, force: true });
      renameSync(log, `${log}.1`);
    }
    return openLog(log, 'a');
  } catch (error) {
    console.error(`No log of it can be written: ${(error as Error).message}`);
    return 'ignore';
  }
}
