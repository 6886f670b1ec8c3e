/** What backup and restore refuse alike, in sentences. */
import { lstatSync } from 'node:fs';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import type { Workspace } from '../operate/workspace.ts';

/** No link is followed to what may be another's. */
export function requireOwnState({ state, environment }: Workspace): void {
  if (!lstatSync(state, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw new OperationError(
    `${state} is a link, and none is followed. Where the state of '${environment}' lies elsewhere, name that place ` +
      'in MLOPS_HOME, as for `mlops deploy`.',
  );
}

const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full. Free some space, and try again',
  EDQUOT: 'the quota is used up. Free some space, and try again',
  EACCES: 'it may not be read or written. Run as the user to whom it belongs',
  EPERM: 'it may not be changed. Run as the user to whom it belongs',
  EROFS: 'its file system can only be read. Name another folder',
  ENOENT: 'it is missing. Restore another backup (FOLDER/ID), or from another copy of the folder',
  ELOOP: 'it is a link, and none is followed. Move it away',
  ENOTDIR: 'a file stands where a folder must be. Move it away',
  ENOTEMPTY: 'another command of mlops has used it at this moment. Try again',
  EIO: 'the disk cannot read or write it. Look at the disk',
};

/** Known failures of files become sentences; others are bugs. */
export async function readingProblems<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, path, syscall } = error as NodeJS.ErrnoException;
    const reason = REASONS[code ?? ''];
    if (reason === undefined) throw error;
    const where = printable(path ?? `A file (${syscall})`);
    throw new OperationError(`${where}: ${reason}. Nothing that was there before has changed.`, 1);
  }
}
