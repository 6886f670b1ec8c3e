import { closeSync, openSync, readSync } from 'node:fs';
import { printable } from '../diagnostics/printable.ts';
import { UsageError } from './command.ts';

/** More than any plan or evidence of a repository; a device that never ends would fill the memory. */
const MOST_BYTES = 64 * 1024 * 1024;
const AT_ONCE = 1024 * 1024;

/** What a file holds that an option names; a pipe, as a shell's `<(…)` is, counts as one. */
export function readStated(path: string, option: string, named = path): Buffer {
  try {
    return readWithin(path);
  } catch (problem) {
    const { code, message } = problem as NodeJS.ErrnoException;
    throw new UsageError(`${printable(named)} cannot be read (${code ?? message}); ${option} names a file`);
  }
}

function readWithin(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const parts: Buffer[] = [];
    for (let bytes = 0; ; ) {
      const part = Buffer.alloc(AT_ONCE);
      const length = readSync(file, part);
      if (length === 0) return Buffer.concat(parts);
      parts.push(part.subarray(0, length));
      bytes += length;
      if (bytes > MOST_BYTES) throw new Error('more than 64 MB');
    }
  } finally {
    closeSync(file);
  }
}
