/** Everything in a folder that must not change, as it is now: links by their target, files by what they hold. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** Longer paths than the system takes are out of anybody's reach. */
export function snapshot(folder: string, isLeftOut: (path: string) => boolean, inside = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(join(folder, inside))) {
    const path = inside === '' ? name : `${inside}/${name}`;
    if (isLeftOut(path)) continue;
    const status = lstatSync(join(folder, path));
    found.set(path, shown(join(folder, path), status));
    if (status.isDirectory()) for (const [below, as] of snapshot(folder, isLeftOut, path)) found.set(below, as);
  }
  return found;
}

function shown(path: string, status: Stats): string {
  const { mode, size, ino, mtimeMs } = status;
  if (status.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  if (status.isDirectory()) return `folder ${mode.toString(8)}`;
  if (!status.isFile()) return `special file ${mode.toString(8)}`;
  const content = size > 2 ** 20 ? size : createHash('sha256').update(readFileSync(path)).digest('hex');
  return `file ${mode.toString(8)} ${ino} ${mtimeMs} ${content}`;
}

export const changes = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => `${path}: ${before.get(path) ?? 'nothing'} → ${after.get(path) ?? 'nothing'}`);
