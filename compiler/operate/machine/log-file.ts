import { mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeWay } from './files.ts';

/** A log that is begun (`w`) or gone on with (`a`), whatever stood in its place. */
export function openLog(path: string, flags: 'w' | 'a'): number {
  mkdirSync(dirname(path), { recursive: true });
  makeWay(path);
  return openSync(path, flags);
}
