/** A backup of an environment with embedded stores, also while it runs: complete once its manifest has its name. */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { findPython } from '../operate/python/find.ts';
import { currentRelease } from '../operate/releases.ts';
import { withStartLock } from '../operate/supervisor/start-lock.ts';
import type { Workspace } from '../operate/workspace.ts';
import { version } from '../product/product.ts';
import { type At, nowhere } from './boundaries.ts';
import { databasesIn, walk } from './contents.ts';
import { FORMAT, type Manifest } from './manifest.ts';
import { readingProblems, requireEmbedded, requireOwnState } from './refusals.ts';
import { commit, draftObject, makeStore, placeObjects, type Store } from './store.ts';

export interface BackedUp {
  id: string;
  files: number;
  bytes: number;
  /** Content that no earlier backup in that folder has. */
  copied: { objects: number; bytes: number };
  leftOut: string[];
}

export async function backUp(workspace: Workspace, to: string, at: At = nowhere): Promise<BackedUp> {
  requireOwnState(workspace);
  requireEmbedded(workspace);
  requireOutside(workspace, to);
  if (!existsSync(workspace.state))
    throw new OperationError(
      `'${workspace.environment}' has no state in ${workspace.state}, so there is nothing to back up. ` +
        `\`mlops up --env ${workspace.environment}\` begins one.`,
    );
  // Nobody deploys or starts it meanwhile; what runs goes on.
  return withStartLock(workspace, async () => {
    at('locked');
    return readingProblems(() => make(workspace, makeStore(to, workspace.environment), at));
  });
}

function make(workspace: Workspace, store: Store, at: At): BackedUp {
  const manifest: Manifest = {
    format: FORMAT,
    environment: workspace.environment,
    at: new Date().toISOString(),
    compiler: version(),
    release: currentRelease(workspace),
    folders: [],
    files: [],
    links: [],
    left_out: [],
  };
  // First, because what a database names lies in files that were written before, and stay.
  const databases = copyDatabases(workspace, store);
  at('databases');
  const drafted = new Map<string, number>();
  walk(workspace.state, {
    folder: (found) => void manifest.folders.push(found),
    link: (found) => void manifest.links.push(found),
    leftOut: (path) => void manifest.left_out.push(path),
    file: (found) => {
      const stored = draftObject(store, databases.get(found.path) ?? join(workspace.state, found.path));
      if (stored === null) return;
      const { sha256, bytes, isNew } = stored;
      if (isNew) drafted.set(sha256, bytes);
      manifest.files.push({ ...found, sha256, bytes });
      at('copied');
    },
  });
  placeObjects(store, new Set(drafted.keys()), () => at('flushed'));
  at('placed');
  const id = commit(store, manifest, () => at('drafted'));
  at('ended');
  const { files, left_out: leftOut } = manifest;
  const copied = { objects: drafted.size, bytes: sum([...drafted.values()]) };
  return { id, files: files.length, bytes: sum(files.map(({ bytes }) => bytes)), copied, leftOut };
}

const sum = (all: readonly number[]): number => all.reduce((total, each) => total + each, 0);

const PROGRAM = fileURLToPath(new URL('./copy_databases.py', import.meta.url));

/** By SQLite's own way of copying: path in the state → the copy. */
function copyDatabases({ state, python }: Workspace, store: Store): Map<string, string> {
  const found = databasesIn(state);
  if (found.length === 0) return new Map();
  const copies = new Map(found.map((path, index) => [path, join(store.draft, `${index}.sqlite`)]));
  const { status, stdout, stderr } = spawnSync(existsSync(python) ? python : findPython(), ['-I', PROGRAM], {
    input: JSON.stringify([...copies].map(([path, copy]) => [join(state, path), copy])),
    encoding: 'utf8',
  });
  if (status !== 0)
    throw new OperationError(`The databases in ${state} could not be copied.\n    ${printable(String(stderr))}`, 1);
  const problems = (JSON.parse(stdout) as (string | null)[]).flatMap((problem, index) =>
    problem === null ? [] : [`${join(state, found[index] ?? '')} is damaged or cannot be read: ${problem}.`],
  );
  if (problems.length === 0) return copies;
  throw new OperationError(
    `${problems.map(printable).join('\n')}\nNo backup was made, because it could not be relied on. ` +
      '`mlops status` says what that database holds, and the way out; earlier backups are as they were.',
    1,
  );
}

function requireOutside({ state }: Workspace, to: string): void {
  const folder = existsSync(resolve(to)) ? realpathSync(resolve(to)) : resolve(to);
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new OperationError(`${printable(folder)} is no folder. Name one for backups with --to.`);
  if (!`${folder}/`.startsWith(`${state}/`)) return;
  throw new OperationError(
    `${printable(folder)} lies in the state that is to be backed up. Name a folder elsewhere with --to, best on ` +
      'another disk.',
  );
}
