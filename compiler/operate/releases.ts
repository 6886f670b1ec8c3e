/**
 * `<state>/releases/<id>`: what an environment runs, which nobody changes any more. `current` leads to the one that is
 * meant to run, and is replaced by one rename.
 */

import { existsSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, makeWay } from './machine/files.ts';
import { flush } from './machine/flush.ts';
import { isObject, readRecordFile } from './machine/record-file.ts';
import type { Workspace } from './workspace.ts';

const ID = /^[0-9a-f]{12}$/;

/** Written last into a release: without it, it is none. */
export const MANIFEST = 'release.json';

export const isReleaseId = (text: string): boolean => ID.test(text);

export const releasesOf = ({ state }: Pick<Workspace, 'state'>): string => join(state, 'releases');

export const releaseFolder = (workspace: Pick<Workspace, 'state'>, id: string): string =>
  join(releasesOf(workspace), id);

/** For tools that read their files again in place. */
export const currentLink = (workspace: Pick<Workspace, 'state'>): string => join(releasesOf(workspace), 'current');

/** Null where nothing was released, or the link leads nowhere. */
export function currentRelease(workspace: Pick<Workspace, 'state'>): string | null {
  try {
    const id = readlinkSync(currentLink(workspace));
    return isReleaseId(id) && isThere(workspace, id) ? id : null;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (isMissing(error) || ['EINVAL', 'ENOTDIR'].includes(code)) return null;
    throw error;
  }
}

const isThere = (workspace: Pick<Workspace, 'state'>, id: string): boolean =>
  existsSync(join(releaseFolder(workspace, id), MANIFEST));

/** Ids of those that are whole, sorted. */
export function knownReleases(workspace: Pick<Workspace, 'state'>): string[] {
  try {
    return readdirSync(releasesOf(workspace)).filter((name) => isReleaseId(name) && isThere(workspace, name));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** The release of which `root` is the folder; null of a checkout. */
export function releaseAt(workspace: Workspace): string | null {
  const name = workspace.root.slice(releasesOf(workspace).length + 1);
  return workspace.root === join(releasesOf(workspace), name) && isReleaseId(name) ? name : null;
}

/** By their digests, as text: the installation that made the release may have gone. Null of a checkout. */
export function releasedPackages(workspace: Workspace): string | null {
  if (releaseAt(workspace) === null) return null;
  const manifest = readRecordFile({ path: join(workspace.root, MANIFEST), isRecord: isObject });
  return JSON.stringify(manifest?.['packages'] ?? null);
}

export function atRelease(workspace: Workspace, id: string): Workspace {
  const root = releaseFolder(workspace, id);
  const { environment } = workspace;
  return { ...workspace, root, plan: join(root, 'generated', environment, 'process', 'processes.json') };
}

/** What runs, or is meant to; the checkout where nothing was released. */
export function atCurrent(workspace: Workspace): Workspace {
  const id = currentRelease(workspace);
  return id === null ? workspace : atRelease(workspace, id);
}

/** From here on `current` is this release, or, where the machine stops in between, still the one before. */
export function switchTo(workspace: Workspace, id: string): void {
  const link = currentLink(workspace);
  const beside = `${link}.${process.pid}`;
  mkdirSync(releasesOf(workspace), { recursive: true });
  rmSync(beside, { force: true });
  symlinkSync(id, beside);
  makeWay(link);
  renameSync(beside, link);
  flush(releasesOf(workspace));
}

/** What runs reads what a spec compiles to: one that changes when a model is trained must not start its API again. */
export const isSpec = (path: string): boolean => !path.startsWith('generated/') && /\.ya?ml$/i.test(path);
