/** What of an environment's state is backed up. Links are named, and never followed. */
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { isMissing } from '../operate/machine/files.ts';

export interface Found {
  /** Relative to the state, with `/`. */
  path: string;
  mode: number;
}

export interface Seen {
  folder?(found: Found): void;
  file?(found: Found): void;
  link?(found: { path: string; target: string }): void;
  /** A link that leads out of the state, or what is neither file, folder nor link. */
  leftOut?(path: string): void;
}

/** Made again at the next start, or of no use elsewhere. */
const REBUILT = new Set([
  'run',
  'logs',
  'python',
  'envs',
  'metrics',
  'dumps', // of servers, in a backup alone
  'last-backup.json', // where backups of this state are, which one of them cannot know
  'airflow/logs',
  'airflow/airflow.cfg', // Airflow's own defaults, with this machine's paths
]);
/** Files on their way, and folders of the runtime that do not outlive their process (machine/scratch.py). */
const DRAFT = /(^|\/)\.([^/]*\.)?draft$|^historical-[^/]*$/;

const MAGIC = 'SQLite format 3\0';
const BESIDE_DATABASE = /-(wal|shm|journal)$/;

/**
 * The files of a folder come before its subfolders: what a record names has been written before the record, and so is
 * seen after it. `path` itself is the state; folders `without` which it is are servers' own.
 */
export function walk(state: string, seen: Seen, without: readonly string[] = [], path = ''): void {
  const folders: string[] = [];
  for (const name of namesIn(join(state, path))) {
    const inside = path === '' ? name : `${path}/${name}`;
    if (REBUILT.has(inside) || without.includes(inside) || DRAFT.test(inside)) continue;
    const status = lstatSync(join(state, inside), { throwIfNoEntry: false });
    if (status === undefined) continue; // gone since
    const found = { path: inside, mode: status.mode & 0o777 };
    if (status.isDirectory()) {
      seen.folder?.(found);
      folders.push(inside);
    } else if (status.isFile()) {
      if (!isBesideDatabase(state, inside)) seen.file?.(found);
    } else if (status.isSymbolicLink()) {
      const target = readlinkSync(join(state, inside));
      if (isOurs(inside, target)) seen.link?.({ path: inside, target });
      else seen.leftOut?.(inside);
    } else if (!status.isSocket()) seen.leftOut?.(inside);
  }
  for (const folder of folders) walk(state, seen, without, folder);
}

/** To the folder of secrets, which a release never copies (release/make.ts). */
const OF_RELEASE = /^releases\/[0-9a-f]{12}\//;

/** Whether a link of the state leads into the state, wherever that stands, or is a release's own. */
export function isOurs(path: string, target: string): boolean {
  if (target === '' || target.startsWith('/') || target.includes('\0')) return false;
  if (OF_RELEASE.test(path)) return true;
  const end = normalize(join(dirname(path), target));
  return end !== '..' && !end.startsWith('../');
}

export function databasesIn(state: string, without: readonly string[]): string[] {
  const found: string[] = [];
  walk(state, { file: ({ path }) => void (isDatabase(join(state, path)) && found.push(path)) }, without);
  return found;
}

/** Its database's own copy has what stands in it. */
const isBesideDatabase = (state: string, path: string): boolean =>
  BESIDE_DATABASE.test(path) && isDatabase(join(state, path.replace(BESIDE_DATABASE, '')));

function isDatabase(path: string): boolean {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(MAGIC.length);
    return readSync(file, header, 0, header.length, 0) === header.length && header.toString('latin1') === MAGIC;
  } finally {
    closeSync(file);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
