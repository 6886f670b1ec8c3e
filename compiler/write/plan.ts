import { byText } from '../diagnostics/diagnostic.ts';
import type { Artifact } from '../render/artifact.ts';
import { manifestsOf } from './manifest.ts';

/**
 * What stands below `generated/` now: every file, and those that our lists there claim. Null: it has another size
 * than is wanted, so what it holds is no matter.
 */
export interface Present {
  files: ReadonlyMap<string, Buffer | null>;
  owned: ReadonlySet<string>;
}

export interface WritePlan {
  /** Everything that is to stand there, foreign files aside. */
  desired: ReadonlyMap<string, Buffer>;
  stale: string[];
  missing: string[];
  /** Ours, and no longer wanted. */
  obsolete: string[];
  /** Not ours: kept, and named. */
  foreign: string[];
  /** Not ours, and in the way: a file where a folder must be, or below a folder where a file must be. */
  inTheWay: string[];
}

export function planWrite(artifacts: readonly Artifact[], present: Present): WritePlan {
  const contents = [...artifacts.map(({ path, content }) => [path, content] as const), ...manifestsOf(artifacts)];
  const desired = new Map(
    contents.map(([path, content]) => [path, Buffer.from(content)] as const).sort(([a], [b]) => byText(a, b)),
  );
  const folders = new Set([...desired.keys()].flatMap(foldersAbove));
  const unwanted = [...present.files.keys()].filter((path) => !desired.has(path)).sort(byText);
  const foreign = unwanted.filter((path) => !present.owned.has(path));
  return {
    desired,
    stale: [...desired.keys()].filter(
      (path) => present.files.has(path) && !present.files.get(path)?.equals(desired.get(path) as Buffer),
    ),
    missing: [...desired.keys()].filter((path) => !present.files.has(path)),
    obsolete: unwanted.filter((path) => present.owned.has(path)),
    foreign,
    inTheWay: foreign.filter((path) => folders.has(path) || foldersAbove(path).some((folder) => desired.has(folder))),
  };
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

export const isCurrent = ({ stale, missing, obsolete }: WritePlan): boolean =>
  stale.length + missing.length + obsolete.length === 0;
