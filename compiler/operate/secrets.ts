import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { readIfThere } from './machine/files.ts';
import { syncFolder, writeDurably } from './machine/record-file.ts';

/** A random value that is made once for each state folder and name, and only its owner can read. */
export function generatedSecret(state: string, name: string): string {
  const folder = join(state, 'secrets');
  const file = join(folder, name);
  const value = readIfThere(file) ?? make(folder, file);
  if (value !== '') return value;
  // What was encrypted or locked with the lost value stays so: another one would not open it.
  throw new OperationError(`The secret ${file} is empty. Restore it from a backup, or delete ${state} and begin anew.`);
}

/** On disk before it has its name, and the first of two that make it wins. */
function make(folder: string, file: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const beside = `${file}.${process.pid}`;
  try {
    writeDurably(beside, randomBytes(32).toString('base64url'), 0o600);
    linkSync(beside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(beside, { force: true });
  }
  syncFolder(folder);
  return readIfThere(file) ?? '';
}
