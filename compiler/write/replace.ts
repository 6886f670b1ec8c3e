/** Puts new texts in the place of files, each wholly or not at all. */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { WriteRefused } from './refused.ts';

/** Every path is checked before the first is written: a link may have taken a folder's place since it was read. */
export function replaceFiles(root: string, texts: ReadonlyMap<string, string>): void {
  for (const file of texts.keys()) requireNoLink(root, file);
  for (const [file, text] of texts) {
    const path = join(root, file);
    const beside = `${path}.new-${process.pid}`;
    try {
      const handle = openSync(beside, 'wx');
      writeFileSync(handle, text);
      fsyncSync(handle);
      closeSync(handle);
      chmodSync(beside, statSync(path).mode);
      renameSync(beside, path);
    } finally {
      rmSync(beside, { force: true });
    }
  }
}

function requireNoLink(root: string, file: string): void {
  const parts = file.split('/');
  for (const [index] of parts.entries()) {
    const path = parts.slice(0, index + 1).join('/');
    if (lstatSync(join(root, path)).isSymbolicLink())
      throw new WriteRefused(`${path} is a symbolic link; nothing is written through links. Nothing was changed.`);
  }
}
