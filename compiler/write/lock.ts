/**
 * One writer at a time in a repository, also after kills. A queue of tickets, after Lamport's bakery: each process
 * holds a file of its own open, with a number above all that it sees, and the lowest number that is held has its turn.
 * Nobody ever takes a live process's ticket away, so a dead holder needs no hand-over that could itself be interrupted.
 */
import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { WriteRefused } from './refused.ts';

const FOLDER = '.generated.lock';
const PAUSE_MILLISECONDS = 20;
const PATIENCE_MILLISECONDS = 10 * 60 * 1000;

/** `choosing` while its process looks for a number. No name comes twice, so a dead one’s is never a later holder’s. */
const TICKET = /^(choosing|\d{12})-(\d+)(?:-[\da-f-]{36})?$/;

interface Ticket {
  path: string;
  number: number | null;
  pid: number;
}

/**
 * Runs `work` as the only one in this repository; waits for whoever is before, and calls `onWait` once with its process
 * id. Throws `WriteRefused` after ten minutes behind the same one, and what the file system says where no ticket can be
 * written.
 */
export function withRepositoryLock<T>(root: string, work: () => T, onWait: (pid: number) => void = () => {}): T {
  const folder = join(realpathSync(root), FOLDER);
  const { own, handle } = drawTicket(folder);
  try {
    waitForTurn(folder, own, onWait);
    return work();
  } finally {
    closeSync(handle);
    rmSync(own.path, { force: true });
    removeIfEmpty(folder);
  }
}

/** The same for a reader, who may also read where no ticket can be written: in a checkout that is read-only for it. */
export function whileNobodyWrites<T>(root: string, work: () => T): T {
  return canWrite(root) ? withRepositoryLock(root, work) : work();
}

function canWrite(root: string): boolean {
  try {
    accessSync(root, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function drawTicket(folder: string): { own: Ticket; handle: number } {
  const owner = `${process.pid}-${randomUUID()}`;
  const choosing = join(folder, `choosing-${owner}`);
  const handle = create(folder, choosing);
  const held = ticketsIn(folder).filter(isHeld);
  const number = Math.max(0, ...held.map((each) => each.number ?? 0)) + 1;
  const own = { path: join(folder, `${String(number).padStart(12, '0')}-${owner}`), number, pid: process.pid };
  if (rename(choosing, own.path)) return { own, handle };
  closeSync(handle);
  return drawTicket(folder);
}

/** False where somebody looked between our making the file and having it open, and took it for a dead one's. */
function rename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'ENOENT') throw problem;
    return false;
  }
}

function create(folder: string, ticket: string): number {
  for (;;) {
    makeFolder(folder);
    try {
      return openSync(ticket, 'w');
    } catch (problem) {
      // Whoever was last to leave took the folder along, just now.
      if ((problem as NodeJS.ErrnoException).code !== 'ENOENT') throw problem;
    }
  }
}

/** The repository may bring anything under this name, a link to elsewhere included. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'EEXIST') throw problem;
    if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
      throw new WriteRefused(`${FOLDER} is not a folder, and the compiler needs it for itself. Remove it.`);
  }
}

function waitForTurn(folder: string, own: Ticket, onWait: (pid: number) => void): void {
  let since = Date.now();
  let waitingFor: Ticket | null = null;
  for (let before = whoIsBefore(folder, own); before !== null; before = whoIsBefore(folder, own)) {
    if (waitingFor === null) onWait(before.pid);
    if (before.pid !== waitingFor?.pid) since = Date.now();
    waitingFor = before;
    if (Date.now() - since > PATIENCE_MILLISECONDS)
      throw new WriteRefused(
        `Process ${before.pid} has been writing here for ten minutes. If it is no mlops, delete ${before.path}.`,
      );
    pause();
  }
}

/** A live process with a lower number, or one that is still choosing and may get one. Dead ones go, of any number. */
function whoIsBefore(folder: string, own: Ticket): Ticket | null {
  let hasRemoved = false;
  for (const ticket of ticketsIn(folder)) {
    if (ticket.path === own.path) continue;
    if (isHeld(ticket)) {
      if (isAfter(ticket, own)) continue;
      return ticket;
    }
    rmSync(ticket.path, { force: true, recursive: true });
    hasRemoved = true;
  }
  // One of them may be no dead one's, but have got its number since the folder was read.
  return hasRemoved ? whoIsBefore(folder, own) : null;
}

/** Equal numbers were drawn at once: then the lower process id goes first. */
function isAfter(ticket: Ticket, own: Ticket): boolean {
  if (ticket.number === null || own.number === null) return false;
  return ticket.number > own.number || (ticket.number === own.number && ticket.pid > own.pid);
}

function ticketsIn(folder: string): Ticket[] {
  return readdirSync(folder).flatMap((file) => {
    const [, number, pid] = TICKET.exec(file) ?? [];
    if (number === undefined) return [];
    return [{ path: join(folder, file), number: number === 'choosing' ? null : Number(number), pid: Number(pid) }];
  });
}

function isHeld({ path, pid }: Ticket): boolean {
  try {
    process.kill(pid, 0);
  } catch (problem) {
    // Somebody else's process is alive too.
    if ((problem as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return hasOpen(pid, path) ?? isOfItsUser(pid, path);
}

/** Where the system does not let us look: a ticket that came with the repository is ours, not the other user's. */
function isOfItsUser(pid: number, path: string): boolean {
  const [holder, ticket] = [`/proc/${pid}`, path].map((each) => lstatSync(each, { throwIfNoEntry: false }));
  return holder === undefined || ticket === undefined || holder.uid === ticket.uid;
}

/**
 * Whether a process has the file open, by which a later process of the same id, or a ticket that came with the
 * repository, is told from a holder. Null where the system does not say: not on Linux, or another user's process.
 */
function hasOpen(pid: number, path: string): boolean | null {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((each) => linkOf(join(folder, each)) === path);
  } catch {
    return null;
  }
}

/** Null for one that was closed in the meantime. */
function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Others wait in it.
  }
}

const cell = new Int32Array(new SharedArrayBuffer(4));
const pause = (): void => void Atomics.wait(cell, 0, 0, PAUSE_MILLISECONDS);
