/** A backup of an environment, also while it runs: complete once its manifest has its name. */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { toolEnvironment } from '../operate/machine/tool-environment.ts';
import { findPython } from '../operate/python/find.ts';
import { currentRelease } from '../operate/releases.ts';
import type { PlannedServerData } from '../operate/supervisor/process-plan.ts';
import { withStartLock } from '../operate/supervisor/start-lock.ts';
import type { Workspace } from '../operate/workspace.ts';
import { version } from '../product/product.ts';
import { type At, nowhere } from './boundaries.ts';
import type { Cipher } from './cipher.ts';
import { databasesIn, type Found, type Seen, walk } from './contents.ts';
import { keepNewest, type Older } from './keep.ts';
import { rememberBackup } from './last.ts';
import { FORMAT, type Manifest } from './manifest.ts';
import { readingProblems, requireOwnState } from './refusals.ts';
import { DUMPS, dumpServers, serverData } from './servers.ts';
import { backupsIn, commit, draftObject, looksEncrypted, makeStore, placeObjects, type Store } from './store.ts';

interface Made {
  id: string;
  /** ISO 8601, UTC: when it was begun. */
  at: string;
  files: number;
  bytes: number;
  /** Content that no earlier backup in that folder has. */
  copied: { objects: number; bytes: number };
  leftOut: string[];
  /** Folders of servers that begin with nothing after a restore. */
  withoutServers: string[];
  /** Earlier ones in that folder that are not encrypted, where this one is. */
  plainBefore: number;
}

export interface BackedUp extends Made {
  /** What became of earlier ones; null where all were to stay. */
  older: Older | null;
}

export interface Wish {
  /** Without one, whoever can read the folder can read what is in it. */
  cipher?: Cipher | null;
  /** So many good backups are left, this one included; null where none is to leave. */
  keep?: number | null;
  at?: At;
}

export async function backUp(workspace: Workspace, to: string, wish: Wish = {}): Promise<BackedUp> {
  requireSomething(workspace, to); // the lock would begin a state
  // Nobody deploys or starts it meanwhile; what runs goes on.
  return withStartLock(workspace, () => backUpLocked(workspace, to, wish));
}

/** For whoever holds the environment's lock. */
export async function backUpLocked(
  workspace: Workspace,
  to: string,
  { cipher = null, keep = null, at = nowhere }: Wish = {},
): Promise<BackedUp> {
  requireSomething(workspace, to);
  const servers = serverData(workspace);
  at('locked');
  return readingProblems(async () => {
    const store = makeStore(to, workspace.environment, cipher);
    requireNoWeaker(store);
    const made = await make(workspace, servers, store, at);
    const { id, at: begun } = made;
    rememberBackup(workspace, { id, at: begun, folder: dirname(store.folder), encrypted: cipher !== null });
    return { ...made, older: keep === null ? null : keepNewest(store, { id, keep, at }) };
  });
}

function requireSomething(workspace: Workspace, to: string): void {
  requireOwnState(workspace);
  requireOutside(workspace, to);
  if (existsSync(workspace.state)) return;
  throw new OperationError(
    `'${workspace.environment}' has no state in ${workspace.state}, so there is nothing to back up. ` +
      `\`mlops up --env ${workspace.environment}\` begins one.`,
  );
}

/** Under a key, nothing stands beside the backups in plain text, not even for a moment: copies stand in the state. */
async function make(workspace: Workspace, servers: PlannedServerData[], store: Store, at: At): Promise<Made> {
  const copies = join(workspace.state, DUMPS);
  const leave = () => rmSync(copies, { recursive: true, force: true });
  leave(); // of one that was killed
  if (store.cipher !== null) mkdirSync(copies, { mode: 0o700 });
  try {
    return await copyAll(workspace, servers, { store, plain: store.cipher === null ? store.draft : copies, at });
  } finally {
    leave();
  }
}

async function copyAll(
  workspace: Workspace,
  servers: PlannedServerData[],
  { store, plain, at }: { store: Store; plain: string; at: At },
): Promise<Made> {
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
  const without = servers.map(({ folder }) => folder);
  const dumps = join(plain, DUMPS);
  await dumpServers(workspace, servers, dumps);
  const databases = copyDatabases(workspace, plain, without);
  at('databases');
  const drafted = new Map<string, number>();
  const add = (found: Found, source: string): void => {
    const stored = draftObject(store, source);
    if (stored === null) return;
    const { sha256, bytes, isNew } = stored;
    if (isNew) drafted.set(sha256, bytes);
    manifest.files.push({ ...found, sha256, bytes });
    at('copied');
  };
  const state: Seen = {
    folder: (found) => void manifest.folders.push(found),
    link: (found) => void manifest.links.push(found),
    leftOut: (path) => void manifest.left_out.push(path),
    file: (found) => add(found, databases.get(found.path) ?? join(workspace.state, found.path)),
  };
  walk(workspace.state, state, without);
  const dumped = (found: Found): Found => ({ ...found, path: `${DUMPS}/${found.path}` });
  if (existsSync(dumps)) manifest.folders.push({ path: DUMPS, mode: 0o700 });
  walk(dumps, {
    folder: (found) => void manifest.folders.push(dumped(found)),
    file: (found) => add(dumped(found), join(dumps, found.path)),
  });
  placeObjects(store, new Set(drafted.keys()), () => at('flushed'));
  at('placed');
  const plainBefore = store.cipher === null ? 0 : backupsIn(store).filter((id) => !looksEncrypted(store, id)).length;
  const id = commit(store, manifest, () => at('drafted'));
  at('ended');
  const { files, left_out: leftOut } = manifest;
  const copied = { objects: drafted.size, bytes: sum([...drafted.values()]) };
  const withoutServers = servers.filter(({ restore }) => restore === null).map(({ folder }) => folder);
  const bytes = sum(files.map(({ bytes }) => bytes));
  return { id, at: manifest.at, files: files.length, bytes, copied, leftOut, withoutServers, plainBefore };
}

/** Where earlier ones are encrypted, one that is not was forgotten to be. */
function requireNoWeaker(store: Store): void {
  if (store.cipher !== null || !backupsIn(store).some((id) => looksEncrypted(store, id))) return;
  throw new OperationError(
    `Backups in ${printable(store.folder)} are encrypted, and no key is named. Nothing was written. Name the key ` +
      '(--key), or another folder for backups that whoever reads them can open.',
  );
}

const sum = (all: readonly number[]): number => all.reduce((total, each) => total + each, 0);

const PROGRAM = fileURLToPath(new URL('./copy_databases.py', import.meta.url));

/** By SQLite's own way of copying: path in the state → the copy. */
function copyDatabases(workspace: Workspace, plain: string, without: string[]): Map<string, string> {
  const { state, python } = workspace;
  const found = databasesIn(state, without);
  if (found.length === 0) return new Map();
  const copies = new Map(found.map((path, index) => [path, join(plain, `${index}.sqlite`)]));
  const { status, stdout, stderr } = spawnSync(existsSync(python) ? python : findPython(), ['-I', PROGRAM], {
    input: JSON.stringify([...copies].map(([path, copy]) => [join(state, path), copy])),
    encoding: 'utf8',
    env: toolEnvironment(workspace, python),
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
