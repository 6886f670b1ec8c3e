/** Records that we keep for ourselves: one JSON value per file. */

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { keepAside, readIfThere } from './files.ts';
import { flush } from './flush.ts';

/** Whether it is a folder, or where a folder should be is something else. */
const isNoFile = (error: unknown): boolean =>
  ['EISDIR', 'ENOTDIR'].includes(String((error as NodeJS.ErrnoException).code));

export interface RecordFile<T> {
  path: string;
  /** Whether what stands there is what we wrote: a disk that was full, or a crash, leaves other things behind. */
  isRecord(value: unknown): value is T;
}

/** Null where there is none: also a file that is damaged is no record. */
export function readRecordFile<T>({ path, isRecord }: RecordFile<T>): T | null {
  try {
    const value: unknown = JSON.parse(readIfThere(path) ?? 'null');
    return isRecord(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError || isNoFile(error)) return null;
    throw error;
  }
}

/** Whether something is there, and no record. */
export const isDamaged = <T>(file: RecordFile<T>): boolean => existsSync(file.path) && readRecordFile(file) === null;

/**
 * Replaced as a whole, and on disk before it is: whoever reads it, also after a power cut, sees the old or the new.
 * What was there and is no record is kept beside it.
 */
export function writeRecordFile<T>(file: RecordFile<T>, record: T): void {
  const { path } = file;
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  try {
    writeDurably(beside, `${JSON.stringify(record, null, 1)}\n`);
    if (isDamaged(file)) keepAside(path);
    renameSync(beside, path);
  } finally {
    rmSync(beside, { force: true });
  }
  flush(dirname(path));
}

export function writeDurably(path: string, content: string | Uint8Array, mode = 0o666): void {
  const file = openSync(path, 'w', mode);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';
