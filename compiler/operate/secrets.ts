import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { isFolder, readIfThere } from './machine/files.ts';
import { flush } from './machine/flush.ts';
import { writeDurably } from './machine/record-file.ts';

/** 256 bits, in characters that every setting and URL takes as they are. */
export const randomSecret = (): string => randomBytes(32).toString('base64url');

const MADE = /^[\w-]{43}$/;

export const generatedSecretFile = (state: string, name: string): string => join(state, 'secrets', name);

/** A random value that is made once for each state folder and name, and only its owner can read. */
export function generatedSecret(state: string, name: string): string {
  const file = generatedSecretFile(state, name);
  const folder = dirname(file);
  const value = isFolder(file) ? 'a folder' : (readIfThere(file) ?? make(folder, file));
  if (MADE.test(value)) return value;
  // What was encrypted or locked with the lost value stays so: another one would not open it.
  throw new OperationError(
    `The secret ${file} is ${value === '' ? 'empty' : 'damaged: it is not as it was made'}. ` +
      `Restore it from a backup, or run \`mlops down --env ${basename(state)}\`, delete ${state} and begin anew.`,
  );
}

/** On disk before it has its name, and the first of two that make it wins. */
function make(folder: string, file: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const beside = `${file}.${process.pid}`;
  try {
    writeDurably(beside, randomSecret(), 0o600);
    linkSync(beside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(beside, { force: true });
  }
  flush(folder);
  return readIfThere(file) ?? '';
}
