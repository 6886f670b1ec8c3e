/** Older backups leave once the newest was read to its last byte: until then they are all that there is. */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { flush } from '../operate/machine/flush.ts';
import type { At } from './boundaries.ts';
import type { Manifest } from './manifest.ts';
import {
  backupsIn,
  looksEncrypted,
  manifestOf,
  missingOf,
  objectOf,
  readManifest,
  readObject,
  type Store,
} from './store.ts';

export interface Older {
  /** Ids of those that have left. */
  left: string[];
  freedBytes: number;
  /** Those that are damaged, not whole, or under another key: they are not counted, and stay. */
  stayed: string[];
}

export function keepNewest(store: Store, { id, keep, at }: { id: string; keep: number; at: At }): Older {
  const newest = verified(store, id);
  at('verified');
  const others = backupsIn(store)
    .filter((each) => each !== id)
    .map((each) => ({ id: each, manifest: readable(store, each) }));
  const good = others.flatMap(({ id: each, manifest }) =>
    manifest !== null && missingOf(store, manifest).length === 0 ? [{ id: each, manifest }] : [],
  );
  const leaving = good.slice(0, Math.max(0, good.length - (keep - 1)));
  const left = leaving.map((each) => each.id);
  for (const each of left) rmSync(manifestOf(store, each));
  flush(store.backups);
  at('forgotten');
  const staying = others.filter((each) => !left.includes(each.id));
  const used = contentsOf(store, [newest, ...staying.flatMap(({ manifest }) => manifest ?? [])]);
  // What a backup that cannot be read consists of nobody knows, so what nobody names may be its.
  const isKnown = staying.every(({ manifest }) => manifest !== null);
  const candidates = isKnown
    ? everyObject(store)
    : contentsOf(
        store,
        leaving.map(({ manifest }) => manifest),
      );
  const freedBytes = [...candidates]
    .filter((path) => !used.has(path))
    .reduce((freed, path) => freed + removed(path), 0);
  at('removed');
  const isGood = new Set(good.map((each) => each.id));
  return { left, freedBytes, stayed: staying.flatMap((each) => (isGood.has(each.id) ? [] : [each.id])) };
}

/** From the disk, as a restore would read it. */
function verified(store: Store, id: string): Manifest {
  try {
    const manifest = readManifest(store, id);
    const once = new Map(manifest.files.map((file) => [file.sha256, file]));
    for (const file of once.values()) readObject(store, file);
    return manifest;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    throw new OperationError(
      `The backup ${id} was made, and cannot be relied on: ${error.message}\nNo earlier one was removed. Remove the ` +
        'damaged file, and back up again: what is still in the state is copied again.',
      1,
    );
  }
}

function readable(store: Store, id: string): Manifest | null {
  if (looksEncrypted(store, id) !== (store.cipher !== null)) return null;
  try {
    return readManifest(store, id);
  } catch (error) {
    if (error instanceof OperationError) return null;
    throw error;
  }
}

const contentsOf = (store: Store, manifests: readonly Manifest[]): Set<string> =>
  new Set(manifests.flatMap(({ files }) => files.map(({ sha256 }) => objectOf(store, sha256))));

/** Those of backups that were killed before they had a name, too. */
function everyObject({ objects }: Store): Set<string> {
  const folders = readdirSync(objects, { withFileTypes: true }).filter((each) => each.isDirectory());
  return new Set(
    folders.flatMap(({ name }) =>
      readdirSync(join(objects, name), { withFileTypes: true })
        .filter((each) => each.isFile() && /^[0-9a-f]{64}$/.test(each.name))
        .map((each) => join(objects, name, each.name)),
    ),
  );
}

function removed(path: string): number {
  const size = lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
  rmSync(path, { force: true });
  return size;
}
