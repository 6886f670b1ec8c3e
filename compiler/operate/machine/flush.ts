/** Files and folders that are on disk before anybody relies on them. */
import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Few are flushed one by one; for many, one flush of their file system is many times faster. */
const FEW = 64;

/** All of them lie on the file system of `folder`; of a folder, the names in it are on disk then. */
export function flushAll(folder: string, paths: readonly string[]): void {
  // Node has no syncfs; where the program for it is missing, or knows no such option, each is flushed.
  if (paths.length > FEW && spawnSync('sync', ['-f', folder], { stdio: 'ignore' }).status === 0) return;
  for (const path of paths) flush(path);
}

export function flush(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
