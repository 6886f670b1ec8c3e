/**
 * `<folder>/<environment>`: `objects/` holds each content once, named by its SHA-256, `backups/` a manifest per backup.
 * Nothing in it is changed once it is there.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { isMissing } from '../operate/machine/files.ts';
import { flush, flushAll } from '../operate/machine/flush.ts';
import { writeDurably } from '../operate/machine/record-file.ts';
import { isBackupId, type Manifest, parse, serialize } from './manifest.ts';

export interface Store {
  folder: string;
  objects: string;
  backups: string;
  /** Of a backup that is being made; what a killed one left there is worth nothing. */
  draft: string;
}

const storeAt = (folder: string, environment: string): Store => {
  const own = join(folder, environment);
  return { folder: own, objects: join(own, 'objects'), backups: join(own, 'backups'), draft: join(own, 'draft') };
};

/** Makes what is missing of it. The folder itself may be reached by a link; below it none is followed. */
export function makeStore(stated: string, environment: string): Store {
  mkdirSync(resolve(stated), { recursive: true, mode: 0o700 });
  const store = storeAt(realpathSync(resolve(stated)), environment);
  rmSync(store.draft, { recursive: true, force: true });
  for (const folder of [store.folder, store.objects, store.backups, store.draft]) {
    requireNoLink(folder);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  return store;
}

export function openStore(stated: string, environment: string): Store {
  const given = resolve(stated);
  const isThere = lstatSync(given, { throwIfNoEntry: false }) !== undefined;
  const store = isThere ? storeAt(realpathSync(given), environment) : null;
  if (store !== null && lstatSync(store.backups, { throwIfNoEntry: false })?.isDirectory()) {
    for (const folder of [store.folder, store.objects]) requireNoLink(folder);
    return store;
  }
  throw new OperationError(
    `${printable(given)} holds no backup of '${environment}'. Name the folder that \`mlops backup --to\` was given.`,
  );
}

function requireNoLink(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return;
  throw new OperationError(
    `${printable(folder)} is ${found.isSymbolicLink() ? 'a link' : 'no folder'}, and backups are kept in folders of ` +
      'their own. Move it away, or name another folder.',
  );
}

/** Ids, the oldest first. */
export const backupsIn = ({ backups }: Store): string[] =>
  readdirSync(backups)
    .filter((name) => name.endsWith('.json') && isBackupId(name.slice(0, -'.json'.length)))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();

export function readManifest({ backups }: Store, id: string): Manifest {
  const path = join(backups, `${id}.json`);
  const file = openPlain(path);
  try {
    return parse(readFileSync(file), id, path);
  } finally {
    closeSync(file);
  }
}

export const objectOf = ({ objects }: Store, sha256: string): string => join(objects, sha256.slice(0, 2), sha256);

/** Whether it is there with that size. */
export function hasObject(store: Store, sha256: string, bytes: number): boolean {
  const path = objectOf(store, sha256);
  if (!lstatSync(dirname(path), { throwIfNoEntry: false })?.isDirectory()) return false; // or it is a link
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size === bytes;
}

/** Copies a file into the draft, unless the store or the draft has its content. Null where it has gone since. */
export function draftObject(store: Store, source: string): { sha256: string; bytes: number; isNew: boolean } | null {
  let file: number;
  try {
    file = openPlain(source);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    const before = copy(file, null);
    if (hasObject(store, before.sha256, before.bytes)) return { ...before, isNew: false };
    const beside = join(store.draft, 'copying');
    const target = openSync(beside, 'w', 0o600);
    try {
      const copied = copy(file, target); // what is appended to has grown since
      renameSync(beside, join(store.draft, copied.sha256));
      return { ...copied, isNew: true };
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(file);
  }
}

/** Everything that was drafted is on disk, and then in place, when it returns. `between` is called at the seam. */
export function placeObjects(store: Store, drafted: ReadonlySet<string>, between: () => void): void {
  const names = [...drafted].sort();
  flushAll(store.draft, [...names.map((name) => join(store.draft, name)), store.draft]);
  between();
  const folders = new Set(names.map((name) => dirname(objectOf(store, name))));
  for (const folder of folders) {
    requireNoLink(folder);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  for (const name of names) renameSync(join(store.draft, name), objectOf(store, name));
  flushAll(store.folder, [...folders, store.objects]);
}

/** From here on it is a backup. */
export function commit(store: Store, manifest: Manifest, between: () => void): string {
  const { id, text } = serialize(manifest);
  const drafted = join(store.draft, 'manifest');
  writeDurably(drafted, text, 0o600);
  between();
  renameSync(drafted, join(store.backups, `${id}.json`));
  flush(store.backups);
  rmSync(store.draft, { recursive: true, force: true });
  return id;
}

/** Writes an object to a file that is not there yet. Fails with a sentence where the object is not what it was. */
export function fetchObject(store: Store, wanted: { sha256: string; bytes: number; mode: number }, to: string): void {
  const from = objectOf(store, wanted.sha256);
  const file = openPlain(from);
  const target = openSync(to, 'wx', 0o600);
  try {
    const { sha256, bytes } = copy(file, target);
    if (sha256 !== wanted.sha256 || bytes !== wanted.bytes)
      throw new OperationError(
        `${printable(from)} is damaged: its bytes are not those of its name. Nothing was changed. Restore a backup ` +
          'that does not need it (FOLDER/ID), or from another copy of the folder.',
        1,
      );
    fchmodSync(target, wanted.mode);
  } finally {
    closeSync(target);
    closeSync(file);
  }
}

/** A regular file itself, and nothing through a link that somebody has put in its place. */
function openPlain(path: string): number {
  // Of a pipe without a writer, opening would wait for ever.
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw new OperationError(`${printable(path)} is no regular file. Move it away, and try again.`);
}

const CHUNK = 1 << 20;

function copy(from: number, to: number | null): { sha256: string; bytes: number } {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK);
  let bytes = 0;
  for (let read = -1; read !== 0; bytes += read) {
    read = readSync(from, buffer, 0, CHUNK, bytes);
    const part = buffer.subarray(0, read);
    hash.update(part);
    for (let written = 0; to !== null && written < read; ) written += writeSync(to, part, written);
  }
  return { sha256: hash.digest('hex'), bytes };
}
