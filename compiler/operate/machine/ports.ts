import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { commandLine, hasProc, isOwn, markedProcesses, marksOf, pids } from './process-table.ts';

interface Listener {
  name: string;
  port: number | null;
  /** Where the specs set it, in words. */
  port_field?: string;
}

/** Every port must be free before anything is started. */
export async function checkPorts(processes: readonly Listener[]): Promise<void> {
  for (const { name, port, port_field } of processes) {
    if (port === null || (await isFree(port))) continue;
    const remedy = `set ${port_field ?? 'its port'} to another port and compile`;
    throw new OperationError(
      `Port ${port}, which ${name} needs, is in use${holder(port)}. End that process, or ${remedy}.`,
    );
  }
}

/**
 * Whether another process than those of `unit`, of the platform whose state is `state`, listens on the port. False
 * where that cannot be found out: without /proc, or another user's process, as PostgreSQL is where we are root.
 */
export function isOfAnother(port: number, state: string, unit: string): boolean {
  const pid = hasProc ? listeningProcess(port) : null;
  if (pid === null || !isOwn(pid)) return false;
  const marks = marksOf(pid);
  return marks?.state !== state || marks.unit !== unit;
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** ` by <command> (process <pid>)`, or nothing where it cannot be found out: another user's, or no /proc. */
function holder(port: number): string {
  const pid = hasProc ? listeningProcess(port) : null;
  if (pid === null) return '';
  const platform = markedProcesses(null).find((one) => one.pid === pid);
  const what = platform ? `the platform that runs from ${platform.state}` : shorten(commandLine(pid));
  return ` by ${what} (process ${pid})`;
}

function shorten(command: string): string {
  return command.length > 60 ? `${command.slice(0, 59)}…` : command || 'a process';
}

function listeningProcess(port: number): number | null {
  const sockets = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningSockets(table, port)));
  return pids().find((pid) => openFiles(pid).some((file) => sockets.has(file))) ?? null;
}

/** Each line: slot, local address:port in hex, remote, state (0A is listening), …, inode as the tenth column. */
function listeningSockets(table: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  let lines: string[];
  try {
    lines = readFileSync(table, 'utf8').split('\n').slice(1);
  } catch {
    return []; // no IPv6
  }
  const columns = lines.map((line) => line.trim().split(/\s+/));
  return columns
    .filter((line) => line[1]?.endsWith(`:${hex}`) && line[3] === '0A')
    .map((line) => `socket:[${line[9]}]`);
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((name) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${name}`);
      } catch {
        return '';
      }
    });
  } catch {
    return []; // another user's
  }
}
