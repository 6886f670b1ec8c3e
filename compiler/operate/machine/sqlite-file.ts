/** Whether a file is a whole SQLite database, by its header (https://www.sqlite.org/fileformat.html). */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isMissing } from './files.ts';

const MAGIC = 'SQLite format 3\0';

/** What is wrong with it, in words; null where it is whole, or is not there. */
export function sqliteDamage(path: string): string | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    return isMissing(error) ? null : `it cannot be read: ${(error as NodeJS.ErrnoException).code}`;
  }
  try {
    const header = Buffer.alloc(100);
    const length = readSync(file, header, 0, 100, 0);
    if (length === 0) return 'it is empty';
    if (header.toString('latin1', 0, 16) !== MAGIC) return 'it is no SQLite database';
    return truncation(header, fstatSync(file).size);
  } catch (error) {
    return `it cannot be read: ${(error as NodeJS.ErrnoException).code}`;
  } finally {
    closeSync(file);
  }
}

function truncation(header: Buffer, size: number): string | null {
  const stated = header.readUInt16BE(16);
  const page = stated === 1 ? 65_536 : stated;
  // The count of pages is only valid where these two agree.
  const isCounted = header.readUInt32BE(24) === header.readUInt32BE(92);
  const whole = isCounted ? page * header.readUInt32BE(28) : page;
  return size < whole ? `it has ${size} of ${whole} bytes` : null;
}
