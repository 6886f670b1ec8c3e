import { linkSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { isMissing } from '../machine/files.ts';
import { isAlive, isProcessId, ownId, type ProcessId } from '../machine/process-table.ts';
import { type RecordFile, readRecordFile, writeRecordFile } from '../machine/record-file.ts';
import type { Workspace } from '../workspace.ts';

export const startLock = (workspace: Workspace): RecordFile<ProcessId> => lockAt(join(workspace.run, 'lock'));

const lockAt = (path: string): RecordFile<ProcessId> => ({ path, isRecord: isProcessId });

/** Runs `work` as the only one that starts this environment. A lock whose holder has died is taken over. */
export async function withStartLock<T>(workspace: Workspace, work: () => Promise<T>): Promise<T> {
  acquire(workspace);
  try {
    return await work();
  } finally {
    if (lockHolder(workspace)?.pid === process.pid) rmSync(startLock(workspace).path, { force: true });
  }
}

/** The live process that is starting this environment, if there is one. */
export function lockHolder(workspace: Workspace): ProcessId | null {
  const holder = readRecordFile(startLock(workspace));
  return holder && isAlive(holder) ? holder : null;
}

function acquire(workspace: Workspace): void {
  const file = startLock(workspace).path;
  const own = `${file}.of.${process.pid}`;
  writeRecordFile(lockAt(own), ownId());
  try {
    // A link appears whole or not at all, so a lock is never seen half written.
    if (tryLink(own, file) || (evictDead(workspace, file) && tryLink(own, file))) return;
  } finally {
    rmSync(own, { force: true });
  }
  const holder = lockHolder(workspace);
  throw new OperationError(
    `Another \`mlops\`${holder ? ` (process ${holder.pid})` : ''} starts, deploys or backs up ` +
      `'${workspace.environment}' here. ` +
      `Wait for it, or end it with \`mlops down --env ${workspace.environment}\`.`,
  );
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a dead holder's lock aside; one that came to life between look and move is put back. */
function evictDead(workspace: Workspace, file: string): boolean {
  if (lockHolder(workspace)) return false;
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isMissing(error)) return true;
    throw error;
  }
  const moved = readRecordFile(lockAt(aside));
  const dead = !moved || !isAlive(moved);
  if (!dead) tryLink(aside, file);
  rmSync(aside, { recursive: true, force: true });
  return dead;
}
