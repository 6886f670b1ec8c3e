/**
 * `<folder>/<environment>`: `objects/` holds each content once, named by its SHA-256 (with a key, by a name that only
 * the key gives), `backups/` a manifest per backup.
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
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { isMissing } from '../operate/machine/files.ts';
import { flush, flushAll } from '../operate/machine/flush.ts';
import { writeDurably } from '../operate/machine/record-file.ts';
import { type Cipher, HEADER_BYTES, SEALED_FRAME } from './cipher.ts';
import { type Content, digest, frames, readFully, write } from './frames.ts';
import { opening } from './key.ts';
import { isBackupId, type Manifest, parse, type StoredFile, serialize } from './manifest.ts';

export interface Store {
  /** Of the operator's key; null where there is none. */
  cipher: Cipher | null;
  folder: string;
  objects: string;
  backups: string;
  /** Of a backup that is being made; what a killed one left there is worth nothing. */
  draft: string;
}

const storeAt = (folder: string, environment: string, cipher: Cipher | null): Store => {
  const own = join(folder, environment);
  return {
    cipher,
    folder: own,
    objects: join(own, 'objects'),
    backups: join(own, 'backups'),
    draft: join(own, 'draft'),
  };
};

/** Makes what is missing of it. The folder itself may be reached by a link; below it none is followed. */
export function makeStore(stated: string, environment: string, cipher: Cipher | null): Store {
  mkdirSync(resolve(stated), { recursive: true, mode: 0o700 });
  const store = storeAt(realpathSync(resolve(stated)), environment, cipher);
  rmSync(store.draft, { recursive: true, force: true });
  for (const folder of [store.folder, store.objects, store.backups, store.draft]) {
    requireNoLink(folder);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  return store;
}

export function openStore(stated: string, environment: string, cipher: Cipher | null): Store {
  const given = resolve(stated);
  const isThere = lstatSync(given, { throwIfNoEntry: false }) !== undefined;
  const store = isThere ? storeAt(realpathSync(given), environment, cipher) : null;
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

/** Of a manifest, in plain text and under a key. */
const ENDINGS = ['.json', '.sealed'] as const;

/** Ids, the oldest first. */
export const backupsIn = ({ backups }: Store): string[] => {
  const names = readdirSync(backups).flatMap((name) =>
    ENDINGS.filter((ending) => name.endsWith(ending)).map((ending) => name.slice(0, -ending.length)),
  );
  return [...new Set(names)].filter(isBackupId).sort();
};

/** By the name of its manifest, which anybody can give it: for what is said of it, and for refusals. */
export const looksEncrypted = (store: Store, id: string): boolean => manifestOf(store, id).endsWith(ENDINGS[1]);

export function manifestOf({ backups }: Store, id: string): string {
  const [plain, sealed] = ENDINGS.map((ending) => join(backups, `${id}${ending}`)) as [string, string];
  return lstatSync(sealed, { throwIfNoEntry: false }) === undefined ? plain : sealed;
}

export function readManifest(store: Store, id: string): Manifest {
  const path = manifestOf(store, id);
  const file = openPlain(path);
  try {
    return parse(readFileSync(file), { id, where: path, cipher: store.cipher });
  } finally {
    closeSync(file);
  }
}

const nameOf = ({ cipher }: Store, sha256: string): string => cipher?.nameOf(sha256) ?? sha256;

export function objectOf(store: Store, sha256: string): string {
  const name = nameOf(store, sha256);
  return join(store.objects, name.slice(0, 2), name);
}

/** Whether it is there with that size. */
export function hasObject(store: Store, sha256: string, bytes: number): boolean {
  const path = objectOf(store, sha256);
  if (!lstatSync(dirname(path), { throwIfNoEntry: false })?.isDirectory()) return false; // or it is a link
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size === (store.cipher?.sizeOf(bytes) ?? bytes);
}

/** Files that are missing, or of another size. */
export const missingOf = (store: Store, { files }: Manifest): StoredFile[] =>
  files.filter(({ sha256, bytes }) => !hasObject(store, sha256, bytes));

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
    const before = digest(file);
    if (hasObject(store, before.sha256, before.bytes)) return { ...before, isNew: false };
    const beside = join(store.draft, 'copying');
    const target = openSync(beside, 'w', 0o600);
    try {
      const copied = keep(store, file, target); // what is appended to has grown since
      renameSync(beside, join(store.draft, nameOf(store, copied.sha256)));
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
  const draftOf = (sha256: string): string => join(store.draft, nameOf(store, sha256));
  const contents = [...drafted].sort();
  flushAll(store.draft, [...contents.map(draftOf), store.draft]);
  between();
  const folders = new Set(contents.map((sha256) => dirname(objectOf(store, sha256))));
  for (const folder of folders) {
    requireNoLink(folder);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  for (const sha256 of contents) renameSync(draftOf(sha256), objectOf(store, sha256));
  flushAll(store.folder, [...folders, store.objects]);
}

/** From here on it is a backup. */
export function commit(store: Store, manifest: Manifest, between: () => void): string {
  const { id, content } = serialize(manifest, store.cipher);
  const drafted = join(store.draft, 'manifest');
  writeDurably(drafted, content, 0o600);
  between();
  renameSync(drafted, join(store.backups, `${id}${ENDINGS[store.cipher === null ? 0 : 1]}`));
  flush(store.backups);
  rmSync(store.draft, { recursive: true, force: true });
  return id;
}

/** Writes an object to a file that is not there yet. Fails with a sentence where the object is not what it was. */
export function fetchObject(store: Store, wanted: Content & { mode: number }, to: string): void {
  const target = openSync(to, 'wx', 0o600);
  try {
    readObject(store, wanted, (content) => write(target, content));
    fchmodSync(target, wanted.mode);
  } finally {
    closeSync(target);
  }
}

/** To its last byte; fails with a sentence where the object is not what it was. */
export function readObject(store: Store, wanted: Content, seen: (content: Buffer) => void = () => {}): void {
  const from = objectOf(store, wanted.sha256);
  const file = openPlain(from);
  try {
    const { sha256, bytes } = opened(store, file, { from, seen });
    if (sha256 !== wanted.sha256 || bytes !== wanted.bytes)
      throw new OperationError(
        `${printable(from)} is damaged: its bytes are not those of its name. Nothing was changed. Restore a backup ` +
          'that does not need it (FOLDER/ID), or from another copy of the folder.',
        1,
      );
  } finally {
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

/** What is written as it is read, under the store's key where it has one. */
function keep({ cipher }: Store, file: number, target: number): Content {
  const sealing = cipher?.seal();
  if (sealing !== undefined) write(target, sealing.header);
  return digest(file, (frame, isLast) => write(target, sealing?.frame(frame, isLast) ?? frame));
}

function opened(
  { cipher }: Store,
  file: number,
  { from, seen }: { from: string; seen: (content: Buffer) => void },
): Content {
  if (cipher === null) return digest(file, seen);
  const hash = createHash('sha256');
  let bytes = 0;
  opening(from, () => {
    const frameBy = cipher.open(readFully(file, HEADER_BYTES, 0));
    for (const [sealed, isLast] of frames(file, SEALED_FRAME, HEADER_BYTES)) {
      const content = frameBy.frame(sealed, isLast);
      hash.update(content);
      bytes += content.length;
      seen(content);
    }
  });
  return { sha256: hash.digest('hex'), bytes };
}
