/** What backups a folder has, of every environment, and whether each could be restored. */
import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import type { Cipher } from './cipher.ts';
import { OtherKey } from './key.ts';
import { backupsIn, looksEncrypted, missingOf, openStore, readManifest, type Store } from './store.ts';

export interface Listed {
  environment: string;
  id: string;
  /** ISO 8601, UTC. */
  at: string;
  encrypted: boolean;
  /** The release that was current, and what a restore brings back; null where it cannot be read. */
  release: string | null;
  files: number | null;
  bytes: number | null;
  /** `whole`: every file is there with its size. `unread`: it is encrypted, and no key, or another, was named. */
  state: 'whole' | 'damaged' | 'unread';
  /** What is wrong with it. */
  problem: string | null;
}

/** By environment, the oldest first. */
export function listBackups(folder: string, cipher: Cipher | null): Listed[] {
  return environmentsIn(folder).flatMap((environment) => {
    const store = openStore(folder, environment, cipher);
    return backupsIn(store).map((id) => listed(store, environment, id));
  });
}

function environmentsIn(folder: string): string[] {
  const there = lstatSync(resolve(folder), { throwIfNoEntry: false });
  const real = there === undefined ? null : realpathSync(resolve(folder));
  if (real === null || !lstatSync(real).isDirectory())
    throw new OperationError(
      `${printable(resolve(folder))} is no folder. Name one that \`mlops backup --to\` was given.`,
    );
  return readdirSync(real, { withFileTypes: true })
    .filter((each) => each.isDirectory())
    .map(({ name }) => name)
    .filter((name) => lstatSync(join(real, name, 'backups'), { throwIfNoEntry: false })?.isDirectory())
    .sort();
}

function listed(store: Store, environment: string, id: string): Listed {
  const encrypted = looksEncrypted(store, id);
  const at = id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z.*$/, '$1-$2-$3T$4:$5:$6Z');
  const known = { environment, id, at, encrypted, release: null, files: null, bytes: null };
  if (encrypted && store.cipher === null) return { ...known, state: 'unread', problem: null };
  try {
    const opened = { ...store, cipher: encrypted ? store.cipher : null };
    const manifest = readManifest(opened, id);
    const missing = missingOf(opened, manifest).length;
    const { release, files } = manifest;
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const read = { ...known, at: manifest.at, release, files: files.length, bytes };
    if (manifest.environment !== environment)
      return { ...read, state: 'damaged', problem: `it is of '${manifest.environment}'` };
    if (missing === 0) return { ...read, state: 'whole', problem: null };
    return { ...read, state: 'damaged', problem: `${missing} of its ${files.length} files are missing or cut` };
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const [problem = ''] = error.message.split('. Nothing was changed');
    return { ...known, state: error instanceof OtherKey ? 'unread' : 'damaged', problem };
  }
}
