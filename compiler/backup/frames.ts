/** Files read and written a frame at a time. */
import { createHash } from 'node:crypto';
import { readSync, writeSync } from 'node:fs';
import { FRAME } from './cipher.ts';

export interface Content {
  sha256: string;
  bytes: number;
}

export function digest(file: number, seen: (frame: Buffer, isLast: boolean) => void = () => {}): Content {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const [frame, isLast] of frames(file, FRAME, 0)) {
    hash.update(frame);
    bytes += frame.length;
    seen(frame, isLast);
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** At least one, which may be empty. Which is the last is known only once nothing follows: files grow meanwhile. */
export function* frames(file: number, size: number, from: number): Generator<[Buffer, boolean]> {
  let frame = readFully(file, size, from);
  for (let at = from + frame.length; ; ) {
    const next = frame.length < size ? Buffer.alloc(0) : readFully(file, size, at);
    yield [frame, next.length === 0];
    if (next.length === 0) return;
    at += next.length;
    frame = next;
  }
}

/** Less than `size` only at the end. */
export function readFully(file: number, size: number, from: number): Buffer {
  const buffer = Buffer.allocUnsafe(size);
  let filled = 0;
  for (let read = -1; read !== 0 && filled < size; filled += read)
    read = readSync(file, buffer, filled, size - filled, from + filled);
  return buffer.subarray(0, filled);
}

export function write(target: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(target, bytes, written);
}
