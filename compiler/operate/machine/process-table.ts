/** What the kernel says about running processes. Without /proc (macOS) only recorded groups can be found. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isObject } from './record-file.ts';

/** Every process that the platform starts carries the state folder in this variable; its children inherit it. */
export const MARKER = 'MLOPS_SUPERVISED';
/** Which entry of processes.json a marked process descends from. */
export const UNIT_MARKER = 'MLOPS_PROCESS';
/** Of what was started: two processes of one unit may run at once, where the next one follows the one before. */
export const DIGEST_MARKER = 'MLOPS_PROCESS_DIGEST';

export const hasProc = existsSync('/proc/self/environ');

/** A pid alone may be used again by another process; together with its start time it may not. */
export interface ProcessId {
  pid: number;
  started: string;
}

export const isProcessId = (value: unknown): value is ProcessId =>
  isObject(value) && Number.isSafeInteger(value['pid']) && typeof value['started'] === 'string';

export interface MarkedProcess extends ProcessId {
  parent: number;
  /** Its process group: the number of the process that began the group, which may have ended. */
  group: number;
  state: string;
  unit: string;
  /** Null of what an older compiler started. */
  digest: string | null;
}

export function identify(pid: number): ProcessId | null {
  const started = hasProc ? (readStat(pid)?.started ?? null) : startedByPs(pid);
  return started === null ? null : { pid, started };
}

export function ownId(): ProcessId {
  const id = identify(process.pid);
  if (!id) throw new Error('the system does not tell when this process was started');
  return id;
}

export function isAlive(id: ProcessId): boolean {
  return identify(id.pid)?.started === id.started;
}

/** Signals exactly this process, or nobody. */
export function signal(id: ProcessId, name: NodeJS.Signals): void {
  if (!isAlive(id)) return;
  try {
    process.kill(id.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Our own user's live processes that carry the marker, of one state folder or (null) of any. */
export function markedProcesses(state: string | null): MarkedProcess[] {
  if (!hasProc) return [];
  return pids().flatMap((pid) => {
    const marks = marksOf(pid);
    if (!marks || (state !== null && marks.state !== state)) return [];
    const stat = readStat(pid);
    return stat ? [{ pid, ...stat, ...marks }] : [];
  });
}

export function commandLine(pid: number): string {
  return readText(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim() ?? '';
}

export function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** What the platform has marked the process with; null for any other, and for another user's. */
export function marksOf(pid: number): { state: string; unit: string; digest: string | null } | null {
  if (!isOwn(pid)) return null;
  const variables = readText(`/proc/${pid}/environ`)?.split('\0') ?? [];
  const value = (name: string) => variables.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  const state = value(MARKER);
  return state === undefined ? null : { state, unit: value(UNIT_MARKER) ?? '', digest: value(DIGEST_MARKER) ?? null };
}

/** Whether it is our user's. */
export function isOwn(pid: number): boolean {
  try {
    return statSync(`/proc/${pid}`).uid === process.getuid?.();
  } catch {
    return false; // it has ended meanwhile
  }
}

function readStat(pid: number): { parent: number; group: number; started: string } | null {
  const text = readText(`/proc/${pid}/stat`);
  if (text === null) return null;
  // The second field is the command in parentheses, and may hold spaces and parentheses itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  return { parent: Number(fields[1]), group: Number(fields[2]), started: fields[19] ?? '' };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // ended meanwhile, or not ours to read
  }
}

function startedByPs(pid: number): string | null {
  try {
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim() || null
    );
  } catch {
    return null;
  }
}
