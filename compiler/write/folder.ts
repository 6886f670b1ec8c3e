/** The sole writer. `generated/` is replaced as a whole, or left as it was. */
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { flush, flushAll } from '../operate/machine/flush.ts';
import type { Artifact } from '../render/artifact.ts';
import { isManifest, ownedBy } from './manifest.ts';
import type { Present, WritePlan } from './plan.ts';
import { WriteRefused } from './refused.ts';

export const GENERATED = 'generated';
const BESIDE = '.generated.new';
const BEFORE = '.generated.old';
/** Left by tools that import what is generated; nobody's files. */
export const IGNORED = new Set(['__pycache__', '.ipynb_checkpoints']);

/**
 * Looks at what is there, and reads what may be as wanted: a pull request may have put gigabytes beside it. Refuses
 * links, so that nothing is ever written through one.
 */
export function readGenerated(root: string, wanted: readonly Artifact[]): Present {
  recover(root);
  const sizes = new Map(wanted.map(({ path, content }) => [path, Buffer.byteLength(content)]));
  const files = new Map<string, Buffer | null>();
  if (lstatSync(join(root, GENERATED), { throwIfNoEntry: false })) collect(root, '', { sizes, files, listed: 0 });
  return { files, owned: ownedBy(files) };
}

interface Collecting {
  sizes: ReadonlyMap<string, number>;
  files: Map<string, Buffer | null>;
  /** Bytes of lists read so far. */
  listed: number;
}

export const MOST_OF_LISTS = 64 * 1024 * 1024;

function readIfAlike(path: string, inside: string, all: Collecting): Buffer | null {
  const { size } = lstatSync(path);
  if (!isManifest(inside)) return size === all.sizes.get(inside) ? readFileSync(path) : null;
  all.listed += size;
  return all.listed <= MOST_OF_LISTS ? readFileSync(path) : null;
}

function collect(root: string, folder: string, all: Collecting): void {
  const path = join(root, GENERATED, folder);
  const status = lstatSync(path);
  const shown = folder === '' ? GENERATED : `${GENERATED}/${folder}`;
  if (status.isSymbolicLink())
    throw new WriteRefused(
      `${shown} is a symbolic link; the compiler does not write through links. Replace it by a folder.`,
    );
  if (!status.isDirectory()) throw new WriteRefused(`${shown} is not a folder. Move it away, and compile again.`);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (IGNORED.has(entry.name)) continue;
    if (entry.isDirectory()) collect(root, inside, all);
    else if (entry.isFile()) all.files.set(inside, readIfAlike(join(path, entry.name), inside, all));
    else
      throw new WriteRefused(
        `${GENERATED}/${inside} is ${entry.isSymbolicLink() ? 'a symbolic link' : 'not a regular file'}; the ` +
          'compiler does not write through links. Remove it.',
      );
  }
}

/** Builds the new folder beside the old one, makes it durable, and swaps the two. */
export function writeGenerated(root: string, plan: WritePlan): void {
  requireRoom(plan);
  requireReplaceable(root, '');
  const beside = join(root, BESIDE);
  rmSync(beside, { recursive: true, force: true });
  try {
    build(root, beside, plan);
  } catch (problem) {
    rmSync(beside, { recursive: true, force: true });
    throw problem;
  }
  swap(root, beside);
}

export function requireRoom({ inTheWay: [path] }: WritePlan): void {
  if (path === undefined) return;
  throw new WriteRefused(
    `${GENERATED}/${path} is not ours, and stands where a generated file or folder must be. Move it away, and ` +
      'compile again.',
  );
}

/** After the swap the old folders are deleted, which needs permission on each: better to know before. */
function requireReplaceable(root: string, folder: string): void {
  const path = join(root, GENERATED, folder);
  if (!existsSync(path)) return;
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch {
    throw new WriteRefused(
      `There is no permission to write in ${folder === '' ? GENERATED : `${GENERATED}/${folder}`}; nothing was ` +
        'changed. Make it writable for you, and compile again.',
    );
  }
  for (const entry of readdirSync(path, { withFileTypes: true }))
    if (entry.isDirectory()) requireReplaceable(root, folder === '' ? entry.name : `${folder}/${entry.name}`);
}

function build(root: string, beside: string, plan: WritePlan): void {
  const changed = new Set([...plan.stale, ...plan.missing]);
  const written: string[] = [];
  const folders = new Set<string>();
  const place = (path: string): string => {
    const target = join(beside, path);
    if (!folders.has(dirname(target))) mkdirSync(dirname(target), { recursive: true });
    folders.add(dirname(target));
    return target;
  };
  for (const [path, content] of plan.desired) {
    if (changed.has(path)) {
      writeFileSync(place(path), content, { flag: 'wx', mode: 0o644 });
      written.push(place(path));
    } else keep(join(root, GENERATED, path), place(path));
  }
  for (const path of plan.foreign) keep(join(root, GENERATED, path), place(path));
  flushAll(beside, [...written, ...folders]);
}

/**
 * A link keeps the unchanged file the very same: time stamp, inode and all. Where the system allows none (another
 * user's file, a file system without links), a copy has at least its bytes, times and mode.
 */
function keep(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (problem) {
    if (!['EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP'].includes(String((problem as NodeJS.ErrnoException).code)))
      throw problem;
    const { mode, atime, mtime } = statSync(from);
    copyFileSync(from, to, constants.COPYFILE_EXCL);
    chmodSync(to, mode);
    utimesSync(to, atime, mtime);
  }
}

function swap(root: string, beside: string): void {
  const current = join(root, GENERATED);
  const before = join(root, BEFORE);
  rmSync(before, { recursive: true, force: true });
  if (existsSync(current)) renameSync(current, before);
  renameSync(beside, current);
  flush(root);
  rmSync(before, { recursive: true, force: true });
}

/** A crash between the two renames of a swap leaves only the old folder, under its other name. */
function recover(root: string): void {
  const current = join(root, GENERATED);
  const before = join(root, BEFORE);
  const isThere = lstatSync(current, { throwIfNoEntry: false }) !== undefined;
  if (!isThere && lstatSync(before, { throwIfNoEntry: false })?.isDirectory()) renameSync(before, current);
}
