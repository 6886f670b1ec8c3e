/** Makes a release of a checkout: beside, durable, and then by one rename. Nothing that runs sees a half of it. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { runsInContainers } from '../operate/containers/contract.ts';
import { flush, flushAll } from '../operate/machine/flush.ts';
import { readGeneratedJson } from '../operate/machine/generated-json.ts';
import { isObject, type RecordFile, readRecordFile } from '../operate/machine/record-file.ts';
import { currentRelease, MANIFEST, releaseFolder, releasesOf } from '../operate/releases.ts';
import { ownerOf, type Workspace } from '../operate/workspace.ts';
import { version } from '../product/product.ts';
import { type At, nowhere } from './boundaries.ts';
import { type Contents, contentsOf, digestOf, idOf, packagesOf, partsOf } from './contents.ts';

export interface Commit {
  id: string;
  /** Whether the checkout had changes that were not committed. */
  dirty: boolean;
}

/** `release.json`. */
export interface Manifest {
  format: 1;
  id: string;
  environment: string;
  /** The compiler that made it. */
  compiler: string;
  /** Of which it was made first; null outside git. It is no part of the id. */
  commit: Commit | null;
  /** What is installed beside it, by digest. */
  packages: Record<string, string>;
  /** Path → SHA-256. */
  files: Record<string, string>;
  /** Of one that is another release with a part of a checkout; what it is mostly of is `commit`. */
  partial?: Partial;
}

/** What was deployed alone. */
export interface Partial {
  /** The release that ran before, and of which all else is. */
  of: string;
  /** Addresses that were named. */
  only: string[];
  /** Files and folders that were taken along. */
  along: string[];
  /** Of the checkout. */
  commit: Commit | null;
}

const FORMAT = 1;
const DRAFT = '.new-';

const manifestFile = (folder: string): RecordFile<Manifest> => ({
  path: join(folder, MANIFEST),
  isRecord: (value): value is Manifest =>
    isObject(value) && value['format'] === FORMAT && typeof value['id'] === 'string' && isObject(value['files']),
});

/** Null where it is damaged or not there. */
export const manifestOf = (workspace: Pick<Workspace, 'state'>, id: string): Manifest | null =>
  readRecordFile(manifestFile(releaseFolder(workspace, id)));

export interface Made {
  id: string;
  files: number;
  /** False where it was there already. */
  isNew: boolean;
}

/** Of the files as they are: what `makeRelease` would make, and of which commit. */
export function wouldBecome({ checkout, environment }: Workspace): { to: string; commit: Commit | null } {
  const to = idOf(contentsOf(checkout, environment), checkout, environment);
  return { to, commit: commitOf(checkout, partsOf(environment)) };
}

/** Whoever calls holds the environment's lock. */
export function makeRelease(workspace: Workspace, wish: { source?: string; partial?: Partial; at?: At } = {}): Made {
  const { source = workspace.checkout, partial, at = nowhere } = wish;
  const contents = contentsOf(source, workspace.environment);
  const id = idOf(contents, source, workspace.environment);
  mkdirSync(releasesOf(workspace), { recursive: true });
  removeDrafts(workspace);
  if (isWhole(workspace, id, contents)) return { id, files: contents.size, isNew: false };
  const draft = join(releasesOf(workspace), `${DRAFT}${process.pid}`);
  try {
    const written = fill(workspace, source, draft, contents);
    const manifest = manifestFor(workspace, source, { id, contents, partial });
    const stated = join(draft, MANIFEST);
    write(stated, Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`), false);
    flushAll(draft, [...written, stated, ...foldersOf(draft)]);
    at('drafted');
    putInPlace(draft, releaseFolder(workspace, id));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return { id, files: contents.size, isNew: true };
}

/** Of those that were killed while they made one. */
function removeDrafts(workspace: Workspace): void {
  for (const name of readdirSync(releasesOf(workspace)))
    if (name.startsWith(DRAFT)) rmSync(join(releasesOf(workspace), name), { recursive: true, force: true });
}

function isWhole(workspace: Workspace, id: string, contents: Contents): boolean {
  if (manifestOf(workspace, id) === null) return false;
  const folder = releaseFolder(workspace, id);
  return [...contents].every(([path, digest]) => digestIn(folder, path) === digest);
}

function digestIn(folder: string, path: string): string | null {
  try {
    return digestOf(readFileSync(join(folder, path)));
  } catch {
    return null; // it is gone, or another thing
  }
}

/** What is unchanged is linked from the release before, as files of a release never change. Returns what is not. */
function fill(workspace: Workspace, origin: string, draft: string, contents: Contents): string[] {
  const before = currentRelease(workspace);
  const old = before === null ? null : releaseFolder(workspace, before);
  const had = before === null ? {} : (manifestOf(workspace, before)?.files ?? {});
  mkdirSync(draft, { recursive: true });
  const written: string[] = [];
  for (const [path, digest] of contents) {
    const target = join(draft, path);
    mkdirSync(dirname(target), { recursive: true });
    if (old !== null && had[path] === digest && digestIn(old, path) === digest && isLinked(join(old, path), target))
      continue;
    const source = join(origin, path);
    const bytes = readFileSync(source);
    if (digestOf(bytes) !== digest)
      throw new OperationError(`${path} was changed while the release was made. Nothing was deployed; try again.`, 1);
    write(target, bytes, (lstatSync(source).mode & 0o100) !== 0);
    written.push(target);
  }
  linkState(workspace, draft);
  linkSecrets(workspace, origin, draft);
  return written;
}

/** A file system without links gets copies. */
function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}

function write(path: string, bytes: Buffer, isProgram: boolean): void {
  writeFileSync(path, bytes, { mode: 0o600 });
  chmodSync(path, isProgram ? 0o555 : 0o444);
}

/** Relative paths to `.mlops/<environment>` lead to the one state, from every release. */
function linkState({ environment }: Workspace, draft: string): void {
  const link = join(draft, '.mlops', environment);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync('../../..', link);
}

/** Files of secrets are never copied: a relative folder is that of the checkout, or of MLOPS_HOME. */
function linkSecrets(workspace: Workspace, origin: string, draft: string): void {
  const { environment, state } = workspace;
  const contract = join(origin, 'generated', environment, 'runtime', 'environment.json');
  if (lstatSync(contract, { throwIfNoEntry: false }) === undefined) return;
  const { secrets } = readGeneratedJson(contract) as { secrets?: { provider: string; dir?: string } };
  if (secrets?.provider !== 'file' || secrets.dir === undefined || secrets.dir.startsWith('/')) return;
  const link = join(draft, secrets.dir);
  mkdirSync(dirname(link), { recursive: true });
  // Seen from where the draft will be.
  const from = join(releasesOf({ state }), 'id', dirname(secrets.dir));
  // In a container the state is below the root, wherever it is outside.
  const isContained = runsInContainers({ root: origin, environment });
  const owner = isContained ? join(state, '../..') : ownerOf(workspace);
  symlinkSync(relative(from, join(owner, secrets.dir)), link);
}

interface Content {
  id: string;
  contents: Contents;
  partial: Partial | undefined;
}

function manifestFor(workspace: Workspace, source: string, { id, contents, partial }: Content): Manifest {
  const { checkout, environment } = workspace;
  const before = partial === undefined ? null : manifestOf(workspace, partial.of);
  const commit = before?.commit ? { id: before.commit.id, dirty: true } : null;
  return {
    format: FORMAT,
    id,
    environment,
    compiler: version(),
    commit: partial === undefined ? commitOf(checkout, partsOf(environment)) : commit,
    packages: packagesOf(source, environment),
    files: Object.fromEntries(contents),
    ...(partial === undefined ? {} : { partial }),
  };
}

/** A damaged one of this id goes on lying beside until the next: what runs on it has it open. */
function putInPlace(draft: string, folder: string): void {
  const aside = `${folder}.damaged`;
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) {
    rmSync(aside, { recursive: true, force: true });
    renameSync(folder, aside);
  }
  renameSync(draft, folder);
  flush(dirname(folder));
}

function foldersOf(folder: string): string[] {
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...below.flatMap(({ name }) => foldersOf(join(folder, name))), folder];
}

/** Null outside a Git repository. */
export function commitOf(checkout: string, parts: readonly string[]): Commit | null {
  const git = (...words: string[]): string =>
    execFileSync('git', ['-C', checkout, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const id = git('rev-parse', 'HEAD');
    const there = parts.filter((part) => lstatSync(join(checkout, part), { throwIfNoEntry: false }) !== undefined);
    return { id, dirty: git('status', '--porcelain', '--untracked-files=no', '--', ...there) !== '' };
  } catch {
    return null; // no git, or no repository
  }
}
