/** The only reader of the work tree: specs as bytes, and the team's Python as text for the checks. */
import { type Dirent, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Sources, type Status, type Store, sourcesOf } from './reading.ts';

export { type SourceFile, type Sources, SPEC_FOLDERS, TOO_MUCH_PYTHON } from './reading.ts';

export const readSources = (root: string): Sources => sourcesOf(workTree(root));

const workTree = (root: string): Store => ({
  isThere: (path) => lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined,
  status: (path) => statusAt(join(root, path)),
  entries: (folder) => readdirSync(join(root, folder), { withFileTypes: true, encoding: 'buffer' }).map(named),
  bytes: (path) => readFileSync(join(root, path)),
  leadsToFolder: (path) => statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() === true,
});

function statusAt(path: string): Status {
  const status = lstatSync(path);
  const { size } = status;
  if (status.isSymbolicLink()) return { is: 'link', size };
  if (status.isDirectory()) return { is: 'folder', size };
  return { is: status.isFile() ? 'file' : 'other', size };
}

/** A name that is no UTF-8 gets replacement characters, by which it is known. */
const named = (entry: Dirent<Buffer>) => ({ name: entry.name.toString('utf8'), isFolder: entry.isDirectory() });
