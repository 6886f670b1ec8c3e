/** Records that we keep for ourselves: one JSON value per file. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readIfThere } from './files.ts';

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
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'EISDIR') return null;
    throw error;
  }
}

/** Replaced as a whole, and on disk before it is: whoever reads it, also after a power cut, sees the old or the new. */
export function writeRecordFile<T>({ path }: RecordFile<T>, record: T): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  try {
    writeDurably(beside, `${JSON.stringify(record, null, 1)}\n`);
    renameSync(beside, path);
  } finally {
    rmSync(beside, { force: true });
  }
  syncFolder(dirname(path));
}

export function writeDurably(path: string, text: string, mode = 0o666): void {
  const file = openSync(path, 'w', mode);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A new name is on disk only when its folder is. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';
