/**
 * Which files of `generated/` are ours: a list per spec of what is made of it, so that two changes of different specs
 * never meet in one list. Digests are git's business.
 */
import { createHash } from 'node:crypto';
import { byText } from '../diagnostics/diagnostic.ts';
import type { Artifact } from '../render/artifact.ts';

const FOLDER = '.manifest';
/** Of what gathers several specs. */
const SHARED = `${FOLDER}/shared.json`;
/** One list for all, as compilers before this one wrote it. */
const FORMER = 'manifest.json';
const FORMAT = 2;
/** Of a file's name, in bytes; with its ending it must fit into what file systems take. */
const LONGEST_NAME = 200;

export const isManifest = (path: string): boolean =>
  path === FORMER || (path.startsWith(`${FOLDER}/`) && path.endsWith('.json'));

export function manifestsOf(artifacts: readonly Artifact[]): Map<string, string> {
  const lists = new Map<string, string[]>();
  for (const { path, origin } of artifacts) {
    const list = origin === null ? SHARED : `${FOLDER}/${placeOf(origin)}.json`;
    lists.set(list, [...(lists.get(list) ?? []), path]);
  }
  return new Map(
    [...lists].map(([list, paths]) => [
      list,
      `${JSON.stringify({ format: FORMAT, files: paths.sort(byText) }, null, 1)}\n`,
    ]),
  );
}

function placeOf(origin: string): string {
  return origin
    .split('/')
    .map((part) => {
      if (Buffer.byteLength(part) <= LONGEST_NAME) return part;
      return `${[...part].slice(0, 40).join('')}-${createHash('sha256').update(part).digest('hex').slice(0, 16)}`;
    })
    .join('/');
}

/** What the lists among these files claim. A damaged one claims nothing, so nothing is deleted on its word. */
export function ownedBy(files: ReadonlyMap<string, Buffer | null>): Set<string> {
  const owned = new Set([FORMER]);
  for (const [path, bytes] of files)
    for (const each of isManifest(path) && bytes !== null ? claimed(bytes, path) : []) owned.add(each);
  return owned;
}

function claimed(bytes: Buffer, path: string): string[] {
  try {
    const { format, files } = JSON.parse(String(bytes)) as { format: number; files: (string | { path: string })[] };
    if (path !== FORMER && format !== FORMAT) return [];
    return [path, ...files.map((each) => (typeof each === 'string' ? each : each.path))];
  } catch {
    return [];
  }
}
