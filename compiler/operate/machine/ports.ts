import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { commandLine, hasProc, isOwn, marksOf, pids } from './process-table.ts';

interface Listener {
  name: string;
  port: number | null;
  /** Where the specs set it, in words. */
  port_field?: string;
}

type Taken = Listener & { port: number; holder: Holder | null };

/** What listens on a port: a platform's process, or any other. */
interface Holder {
  pid: number;
  platform: string | null;
}

/** Every port must be free before anything is started; all that are not are named at once. */
export async function checkPorts(processes: readonly Listener[], environment: string): Promise<void> {
  const taken: Taken[] = [];
  for (const listener of processes) {
    const { port } = listener;
    if (port !== null && !(await isFree(port))) taken.push({ ...listener, port, holder: holderOf(port) });
  }
  const [first, ...others] = taken;
  if (!first) return;
  const more = others.map(({ port, name }) => `${port} (${name})`).join(', ');
  const also = more && `; so ${others.length > 1 ? 'are' : 'is'} ${more}`;
  throw new OperationError(
    `Port ${first.port}, which ${first.name} needs, is in use${by(first.holder)}${also}.\n` +
      `  ${wayOut(first.holder)}, or give environments.${environment} in platform.yaml another \`port_offset\`, ` +
      `which moves each port that no spec states, and compile.\n` +
      `  Where they can be stated: ${[...new Set(taken.map(fieldOf))].join(', ')}.`,
  );
}

const fieldOf = ({ name, port_field }: Listener): string => port_field ?? `the port of ${name}`;

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

/** Null where it cannot be found out: another user's, or no /proc. */
function holderOf(port: number): Holder | null {
  const pid = hasProc ? listeningProcess(port) : null;
  return pid === null ? null : { pid, platform: marksOf(pid)?.state ?? null };
}

function by(holder: Holder | null): string {
  if (!holder) return '';
  const { pid, platform } = holder;
  return ` by ${platform ? `the platform that runs from ${platform}` : shorten(commandLine(pid))} (process ${pid})`;
}

function wayOut(holder: Holder | null): string {
  const [, root, environment] = /^(.+)\/\.mlops\/([^/]+)$/.exec(holder?.platform ?? '') ?? [];
  if (root) return `Stop that platform (\`mlops -C ${shellWord(root)} down --env ${environment}\`)`;
  return holder?.platform ? 'Stop that platform' : 'End what uses it';
}

const shellWord = (text: string): string => (/^[\w/.+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function shorten(command: string): string {
  return command.length > 60 ? `${command.slice(0, 59)}…` : command || 'a process';
}

export function listeningProcess(port: number): number | null {
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
