import { lstatSync, readFileSync, renameSync, rmSync } from 'node:fs';

export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
}

/** The file as text; null where there is none. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw Object.assign(error as NodeJS.ErrnoException, { path }); // the system's own word on a folder names none
  }
}

export const isFolder = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** A folder where a file of ours belongs is moved aside, with what it holds. */
export function makeWay(path: string): void {
  if (isFolder(path)) keepAside(path);
}

/** As `<path>.damaged`, in the place of what was kept so before. */
export function keepAside(path: string): void {
  const aside = `${path}.damaged`;
  rmSync(aside, { recursive: true, force: true });
  renameSync(path, aside);
}
