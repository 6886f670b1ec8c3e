/** The operator's key: 32 bytes, of a file or a variable. The platform keeps it nowhere. */
import { closeSync, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { type Cipher, cipherOf, Unsealable } from './cipher.ts';

export const KEY_VARIABLE = 'MLOPS_BACKUP_KEY';

const HOW =
  '`(umask 077; openssl rand -base64 32 > FILE)` makes one; keep it apart from the backups, and a copy of it elsewhere';

/** Of the file, or of the variable, which nothing that is started later gets; null where neither is stated. */
export function statedKey(
  file: string | undefined,
  { apartFrom = [] }: { apartFrom?: readonly string[] } = {},
): Cipher | null {
  const variable = process.env[KEY_VARIABLE];
  delete process.env[KEY_VARIABLE];
  if (file === undefined) return variable ? keyIn(variable, `The variable ${KEY_VARIABLE}`) : null;
  const path = resolve(file);
  const cipher = keyIn(textOf(path), `The key ${printable(path)}`);
  for (const folder of apartFrom) requireApart(path, folder);
  return cipher;
}

function textOf(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw new OperationError(`The key ${printable(path)} cannot be read (${(error as Error).message}). ${HOW}.`);
  }
  try {
    const status = fstatSync(file);
    // A pipe is how a shell hands over what a password manager says: --key <(…).
    if (!status.isFIFO() && (!status.isFile() || status.size > 4096))
      throw new OperationError(`The key ${printable(path)} is no file of 32 bytes as base64 or hex. ${HOW}.`);
    if ((status.mode & 0o077) !== 0)
      throw new OperationError(
        `The key ${printable(path)} is open to other users (mode ${(status.mode & 0o777).toString(8)}), so it guards ` +
          `nothing. \`chmod 600\` it; where others may have read it, make a new one: ${HOW}.`,
      );
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function requireApart(path: string, folder: string): void {
  const inside = realpath(resolve(folder));
  if (inside === null || !`${realpath(path)}/`.startsWith(`${inside}/`)) return;
  throw new OperationError(
    `The key ${printable(path)} lies in ${printable(folder)}, with what it guards: whoever takes the one has the ` +
      'other, and both are lost together. Move it elsewhere.',
  );
}

function realpath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null; // a folder that is made later has no key in it
  }
}

function keyIn(text: string, where: string): Cipher {
  const stated = text.trim();
  if (/^[0-9a-fA-F]{64}$/.test(stated)) return cipherOf(Buffer.from(stated, 'hex'));
  if (/^[A-Za-z0-9+/]{43}=$/.test(stated)) return cipherOf(Buffer.from(stated, 'base64'));
  throw new OperationError(`${where} is no key: it must be 32 bytes as base64 or hex. ${HOW}.`);
}

export class OtherKey extends OperationError {}

/** Says of `where` why it cannot be opened. */
export function opening<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Unsealable)) throw error;
    const Reason = error.why === 'other key' ? OtherKey : OperationError;
    throw new Reason(`${printable(where)} ${REASONS[error.why]}`, 1);
  }
}

const REASONS: Record<Unsealable['why'], string> = {
  plain:
    'is not encrypted, and a key is named: whoever can write there may have put it in place of yours. Nothing was ' +
    'changed. Restore one that was made with the key (FOLDER/ID). Leave the key out only where you know that this ' +
    'one was made without.',
  'other key': 'was encrypted with another key. Nothing was changed. Name the key that it was made with.',
  damaged:
    'is damaged: it is not what was encrypted. Nothing was changed. Restore another backup (FOLDER/ID), or from ' +
    'another copy of the folder.',
};
