/** What a commit has below `generated/`, held against what is wanted by git's digests: hardly a file is read. */
import { GENERATED, IGNORED } from './folder.ts';
import { isManifest, ownedBy } from './manifest.ts';
import type { Present } from './plan.ts';
import { WriteRefused } from './refused.ts';

export interface CommittedFile {
  /** From the folder that has `generated/`. */
  path: string;
  /** As git writes it, such as `100644`. */
  mode: string;
  id: string;
  size: number;
}

const FILES = ['100644', '100755'];
const NO_NAME = /^(|\.|\.\.|\.git)$/i;
const INSIDE = GENERATED.length + 1;

/** The lists among them, which have to be read to know what is ours; no more of them than of a folder's. */
export function listsAmong(files: readonly CommittedFile[], most: number): CommittedFile[] {
  let sum = 0;
  return files.filter(({ path, size }) => {
    if (!isManifest(path.slice(INSIDE))) return false;
    sum += size;
    return sum <= most;
  });
}

/** Refuses what `mlops compile` would refuse in a folder: what is there was put there for somebody, and stays. */
export function presentIn(
  files: readonly CommittedFile[],
  desired: ReadonlyMap<string, Buffer>,
  { digestOf, lists }: { digestOf(bytes: Buffer): string; lists: ReadonlyMap<string, Buffer> },
): Present {
  const found = new Map<string, Buffer | null>();
  for (const { path, mode, id } of files) {
    const inside = path.slice(INSIDE);
    if (inside.split('/').some((name) => IGNORED.has(name))) continue;
    if (!FILES.includes(mode) || inside.split('/').some((name) => NO_NAME.test(name)))
      throw new WriteRefused(
        `${path} is ${mode === '120000' ? 'a symbolic link' : 'not a regular file of a folder'} in that commit; ` +
          'nothing is written there. Remove it, and push.',
      );
    const wanted = desired.get(inside);
    found.set(inside, wanted && digestOf(wanted) === id ? wanted : (lists.get(id) ?? null));
  }
  return { files: found, owned: ownedBy(found) };
}
