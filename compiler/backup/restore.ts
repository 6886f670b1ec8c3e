/** An environment's state as a backup has it: prepared beside it, and swapped in when it is whole. */
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { isMissing } from '../operate/machine/files.ts';
import { flush, flushAll } from '../operate/machine/flush.ts';
import { ours } from '../operate/supervisor/ours.ts';
import { liveSupervisor } from '../operate/supervisor/run-state.ts';
import { withStartLock } from '../operate/supervisor/start-lock.ts';
import { stopPlatform } from '../operate/supervisor/stop.ts';
import { requireCompiled, settleSwap, swapPlaces, type Workspace } from '../operate/workspace.ts';
import { type At, nowhere } from './boundaries.ts';
import type { Cipher } from './cipher.ts';
import { rememberBackup } from './last.ts';
import { isBackupId, type Manifest } from './manifest.ts';
import { readingProblems, requireOwnState } from './refusals.ts';
import { fillServers } from './servers.ts';
import { backupsIn, fetchObject, missingOf, objectOf, openStore, readManifest, type Store } from './store.ts';

export interface Restored {
  id: string;
  at: string;
  release: string | null;
  files: number;
  leftOut: string[];
  /** What differs from how it was, in sentences. */
  notes: string[];
  /** Where the state of before is kept; null where there was none. */
  before: string | null;
}

/** `from` is the folder of backups, for the newest, or `FOLDER/ID`. */
export async function restore(
  workspace: Workspace,
  from: string,
  { force, cipher = null, at = nowhere }: { force: boolean; cipher?: Cipher | null; at?: At },
): Promise<Restored> {
  requireOwnState(workspace);
  requireCompiled(workspace);
  const id = basename(resolve(from));
  const store = openStore(isBackupId(id) ? dirname(resolve(from)) : from, workspace.environment, cipher);
  requireStopped(workspace);
  return withStartLock(workspace, async () => {
    requireStopped(workspace); // it may have been started until we had the lock
    at('locked');
    return readingProblems(() => replace(workspace, store, { id: chosen(store, id, workspace), force, at }));
  });
}

function chosen(store: Store, id: string, { environment }: Workspace): string {
  const known = backupsIn(store);
  const wanted = isBackupId(id) ? id : known.at(-1);
  if (wanted !== undefined && known.includes(wanted)) return wanted;
  throw new OperationError(
    `${printable(store.folder)} holds no ${wanted === undefined ? 'whole backup' : `backup ${wanted}`} of ` +
      `'${environment}'; it has ${known.join(', ') || 'none: one that was cut short is none'}.`,
  );
}

function requireStopped(workspace: Workspace): void {
  if (liveSupervisor(workspace) === null && ours(workspace).length === 0) return;
  const { environment } = workspace;
  throw new OperationError(
    `'${environment}' is running, and nothing is restored under what runs. Stop it first: ` +
      `\`mlops down --env ${environment}\`.`,
  );
}

async function replace(
  workspace: Workspace,
  store: Store,
  { id, force, at }: { id: string; force: boolean; at: At },
): Promise<Restored> {
  const manifest = readManifest(store, id);
  const { environment, state } = workspace;
  if (manifest.environment !== environment)
    throw new OperationError(`The backup ${id} is of '${printable(manifest.environment)}', not of '${environment}'.`);
  requireWhole(store, manifest, id);
  const hasData = holdsData(state);
  if (hasData && !force)
    throw new OperationError(
      `'${environment}' has data in ${state} already. Nothing was changed. --force restores in its place, and keeps ` +
        `what is there as ${swapPlaces(state).before}.`,
    );
  at('checked');
  const { prepared, swapping, before } = swapPlaces(state);
  await removePrepared(workspace, prepared);
  let notes: string[];
  try {
    fill(prepared, store, manifest, at);
    at('flushed');
    notes = await fillServers(workspace, { prepared, release: manifest.release, at });
    renameSync(state, swapping);
    at('aside');
    renameSync(prepared, state);
  } catch (error) {
    settleSwap(state);
    rmSync(prepared, { recursive: true, force: true });
    throw error;
  }
  flush(dirname(state));
  at('swapped');
  settleSwap(state);
  for (const name of ['python', 'envs']) carryOver(join(before, name), join(state, name));
  const encrypted = store.cipher !== null;
  rememberBackup(workspace, { id, at: manifest.at, folder: dirname(store.folder), encrypted });
  if (!hasData) rmSync(before, { recursive: true, force: true });
  at('ended');
  const { release, files, left_out: leftOut } = manifest;
  return { id, at: manifest.at, release, files: files.length, leftOut, notes, before: hasData ? before : null };
}

/** With servers that one that was killed may have left running there. */
async function removePrepared(workspace: Workspace, prepared: string): Promise<void> {
  if (!existsSync(prepared)) return;
  await stopPlatform({ ...workspace, state: prepared, run: join(prepared, 'run') });
  rmSync(prepared, { recursive: true, force: true });
}

function requireWhole(store: Store, manifest: Manifest, id: string): void {
  const missing = missingOf(store, manifest);
  const [first] = missing;
  const all = manifest.files.length;
  if (first === undefined) return;
  throw new OperationError(
    `The backup ${id} is not whole: ${missing.length} of its ${all} files are missing or cut, such as ` +
      `${printable(first.path)} (${printable(objectOf(store, first.sha256))}). Nothing was changed. Restore another ` +
      'one (FOLDER/ID), or from another copy of the folder.',
    1,
  );
}

/** On disk when it returns. */
function fill(prepared: string, store: Store, { folders, files, links }: Manifest, at: At): void {
  mkdirSync(prepared, { mode: 0o700 });
  for (const { path } of folders) mkdirSync(join(prepared, path), { mode: 0o700 });
  for (const file of files) {
    fetchObject(store, file, join(prepared, file.path));
    at('filled');
  }
  for (const { path, target } of links) symlinkSync(target, join(prepared, path));
  // Last, and the innermost first: into one that may not be written nothing could be put.
  for (const { path, mode } of [...folders].reverse()) chmodSync(join(prepared, path), mode);
  flushAll(prepared, [...[...folders, ...files].map(({ path }) => join(prepared, path)), prepared]);
}

/** Whether there is more than what each start makes again. */
function holdsData(state: string): boolean {
  if (!existsSync(state)) return false;
  return readdirSync(state).some((name) => !['run', 'logs', 'python', 'envs'].includes(name));
}

/** Environments of Python are made of locks, and need a network for it: those that are there stay. */
function carryOver(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
