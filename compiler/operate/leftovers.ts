/** What of `.mlops/` may be removed, and how large it is: nothing of what runs, and data only where asked. */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from './machine/files.ts';
import { overlaysInUse } from './python/overlay.ts';
import { ours } from './supervisor/ours.ts';
import { liveSupervisor } from './supervisor/run-state.ts';
import { lockHolder } from './supervisor/start-lock.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

export interface Leftover {
  path: string;
  /** In words, for people. */
  what: string;
  bytes: number;
}

export interface Wanted {
  /** Logs that nobody wrote to since are old; milliseconds. */
  before: number;
  /** All state of environments that do not run, their tables, features and models included. */
  data: boolean;
}

export interface Leftovers {
  found: Leftover[];
  /** What is left alone, in sentences. */
  kept: string[];
}

/** Python environments that belong to the repository as a whole. */
const SHARED = new Map([
  ['test-python', 'the Python of `mlops test`, which it makes again'],
  ['jupyter-python', 'the Python of `mlops notebook`, which it makes again'],
  ['build-python', 'the Python that builds the package, which is made again'],
]);
const CACHES = new Set(['__pycache__', '.pytest_cache', '.ruff_cache', '.mypy_cache']);

export function leftoversOf(root: string, wanted: Wanted): Leftovers {
  const kept: string[] = [];
  const found: Leftover[] = [];
  const folder = join(root, '.mlops');
  // A link leads to what is another's.
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
    return { found, kept: [`${folder} is no folder, and is left alone.`] };
  for (const name of foldersIn(folder)) {
    const path = join(folder, name);
    const shared = SHARED.get(name);
    if (shared !== undefined) {
      found.push(measured(path, shared));
      continue;
    }
    const workspace = openWorkspace(root, name);
    if (isInUse(workspace)) kept.push(`'${name}' runs: nothing of it is touched (\`mlops down --env ${name}\` first).`);
    else found.push(...stateOf(workspace, wanted, kept));
  }
  for (const name of ['pipelines', 'models', 'features']) found.push(...cachesBelow(join(root, name)));
  return { found: found.filter(({ bytes }) => bytes > 0), kept };
}

export const isInUse = (workspace: Workspace): boolean =>
  liveSupervisor(workspace) !== null || lockHolder(workspace) !== null || ours(workspace).length > 0;

function stateOf(workspace: Workspace, { before, data }: Wanted, kept: string[]): Leftover[] {
  const { state, environment } = workspace;
  if (data)
    return [measured(state, `all state of '${environment}': tables, features, models, runs and secrets that were set`)];
  if (sizeOf(state) > 0) kept.push(`The data of '${environment}' stays; with --data it goes, too.`);
  const logs = [workspace.logs, join(state, 'airflow', 'logs')].flatMap((folder) => oldFiles(folder, before));
  return [
    ...logs.map((path) => measured(path, `a log of '${environment}'`)),
    ...staleOverlays(workspace).map((path) => measured(path, `a Python environment of '${environment}' for no lock`)),
  ];
}

/** Made for a lock that has changed since. */
function staleOverlays(workspace: Workspace): string[] {
  const folder = join(workspace.state, 'envs');
  const inUse = overlaysInUse(workspace);
  return foldersIn(folder)
    .filter((name) => !inUse.has(name))
    .map((name) => join(folder, name));
}

function oldFiles(folder: string, before: number): string[] {
  return entriesOf(folder).flatMap((name) => {
    const path = join(folder, name);
    const found = lstatSync(path);
    if (found.isDirectory()) return oldFiles(path, before);
    return found.isFile() && found.mtimeMs < before ? [path] : [];
  });
}

function cachesBelow(folder: string): Leftover[] {
  return foldersIn(folder).flatMap((name) => {
    const path = join(folder, name);
    return CACHES.has(name) ? [measured(path, 'a cache')] : cachesBelow(path);
  });
}

const measured = (path: string, what: string): Leftover => ({ path, what, bytes: sizeOf(path) });

/** Of all files below; links are not followed. */
function sizeOf(path: string): number {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found?.size ?? 0;
  return entriesOf(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

const foldersIn = (folder: string): string[] =>
  entriesOf(folder).filter((name) => lstatSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory());

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (isMissing(error) || code === 'ENOTDIR') return [];
    throw error;
  }
}

export const remove = ({ path }: Leftover): void => rmSync(path, { recursive: true, force: true });
