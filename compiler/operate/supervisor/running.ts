/** One process that the supervisor looks after: its child, or one that it has taken over from another supervisor. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, renameSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLog } from '../machine/log-file.ts';
import { identify, isAlive, type ProcessId } from '../machine/process-table.ts';
import { describeExit } from '../machine/run-tool.ts';
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
export function start(unit: Unit, isRestart: boolean): Running {
  const log = logOf(unit, isRestart);
  const [program = '', ...args] = unit.command;
  const child = spawn(program, args, { cwd: unit.cwd, env: unit.env, detached: true, stdio: ['ignore', log, log] });
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

/**
 * A start keeps the log of the run before as `.1`; a restart goes on in the same log. Where none can be written, the
 * process runs without one: what it does is worth more.
 */
function logOf({ log }: Unit, isRestart: boolean): number | 'ignore' {
  try {
    if (!isRestart && existsSync(log)) {
      rmSync(`${log}.1`, { recursive: true, force: true });
      renameSync(log, `${log}.1`);
    }
    return openLog(log, 'a');
  } catch (error) {
    console.error(`No log of it can be written: ${(error as Error).message}`);
    return 'ignore';
  }
}
