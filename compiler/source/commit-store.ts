/** The files of one commit as a store to read from. */
import type { Status, Store } from './reading.ts';

export interface CommitEntry {
  path: string;
  /** As git writes it, such as `100644`. */
  mode: string;
  id: string;
  size: number;
}

export const LINK = '120000';
const SUBMODULE = '160000';

type Folder = Map<string, CommitEntry | Folder>;

export interface Content {
  /** A file's bytes by git's digest of them. */
  blob(id: string): Buffer;
  leadsToFolder(link: CommitEntry): boolean;
}

export function commitStore(entries: readonly CommitEntry[], { blob, leadsToFolder }: Content): Store {
  const top: Folder = new Map();
  for (const entry of entries) put(top, entry);
  return {
    isThere: (path) => find(top, path) !== undefined,
    status: (path) => statusOf(find(top, path)),
    entries: (folder) => {
      const found = find(top, folder);
      return found instanceof Map ? [...found].map(([name, each]) => ({ name, isFolder: isFolder(each) })) : [];
    },
    bytes: (path) => blob((find(top, path) as CommitEntry).id),
    leadsToFolder: (path) => leadsToFolder(find(top, path) as CommitEntry),
  };
}

function put(top: Folder, entry: CommitEntry): void {
  const names = entry.path.split('/');
  let folder = top;
  for (const name of names.slice(0, -1)) {
    const known = folder.get(name);
    const next: Folder = known instanceof Map ? known : new Map();
    folder.set(name, next);
    folder = next;
  }
  folder.set(names.at(-1) ?? '', entry);
}

const isFolder = (found: CommitEntry | Folder): boolean => found instanceof Map || found.mode === SUBMODULE;

function find(top: Folder, path: string): CommitEntry | Folder | undefined {
  let found: CommitEntry | Folder | undefined = top;
  for (const name of path.split('/')) found = found instanceof Map ? found.get(name) : undefined;
  return found;
}

function statusOf(found: CommitEntry | Folder | undefined): Status {
  if (found === undefined) throw Object.assign(new Error('it is not there'), { code: 'ENOENT' });
  if (found instanceof Map) return { is: 'folder', size: 0 };
  const { mode, size } = found;
  return { is: mode === LINK ? 'link' : mode === SUBMODULE ? 'submodule' : 'file', size };
}
