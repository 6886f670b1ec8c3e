/** Puts new texts in the place of files, each wholly or not at all. */
import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function replaceFiles(root: string, texts: ReadonlyMap<string, string>): void {
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
