/** Adds files to a folder: looks first, then writes all that is not there; never touches what is. */
import { lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';

export interface Added {
  added: string[];
  /** Were there before, and are as they were. */
  kept: string[];
}

export function addFiles(root: string, files: ReadonlyMap<string, string>): Added {
  const found = lstatSync(root, { throwIfNoEntry: false });
  if (found && !found.isDirectory())
    throw new OperationError(`${root} is ${found.isSymbolicLink() ? 'a link' : 'a file'}; name a folder.`);
  requireNoPlatformAbove(root);
  const kept = [...files.keys()].filter((path) => isThere(root, path));
  const added = [...files.keys()].filter((path) => !kept.includes(path));
  for (const path of added) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    // What has come in the meantime is not ours either.
    writeFileSync(join(root, path), files.get(path) ?? '', { flag: 'wx' });
  }
  return { added, kept };
}

/** Fails with a sentence where one of the files is there, also in another case: some file systems take both for one. */
export function requireAbsent(root: string, paths: Iterable<string>): void {
  for (const path of paths) {
    const twin = isThere(root, path) ? path : twinOf(root, path);
    if (twin !== null) throw new OperationError(`${twin} is there already, and is left as it is; nothing was written.`);
  }
}

function twinOf(root: string, path: string): string | null {
  const name = basename(path);
  const folder = join(root, dirname(path));
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return null;
  const found = readdirSync(folder).find((each) => each.toLowerCase() === name.toLowerCase());
  return found === undefined ? null : join(dirname(path), found);
}

/** Nothing is written through a link, which may lead out of the folder. */
function isThere(root: string, path: string): boolean {
  const parts = path.split('/');
  for (let length = 1; length < parts.length; length += 1) {
    const folder = parts.slice(0, length).join('/');
    const found = lstatSync(join(root, folder), { throwIfNoEntry: false });
    if (!found) return false;
    if (!found.isDirectory())
      throw new OperationError(`${folder} must be a folder, for ${path}, and is not one; nothing was written.`);
  }
  return lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
}

function requireNoPlatformAbove(root: string): void {
  for (let folder = dirname(root); ; folder = dirname(folder)) {
    if (lstatSync(join(folder, 'platform.yaml'), { throwIfNoEntry: false }))
      throw new OperationError(
        `${root} lies in ${folder}, which is the repository of a platform (it has a platform.yaml), and a platform ` +
          `holds no other one. Choose a folder outside of it, such as ${join(dirname(folder), basename(root))}.`,
      );
    if (folder === dirname(folder)) return;
  }
}
