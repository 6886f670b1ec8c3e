/** What of a checkout runs in an environment: file by file, with digests, from which the id of a release follows. */
import { createHash } from 'node:crypto';
import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { imageDigests } from '../operate/containers/images.ts';
import { isMissing } from '../operate/machine/files.ts';
import { RUNTIME_SOURCES, runtimeOf } from '../product/product.ts';
import { PLATFORM_FILES, SPEC_FOLDERS } from '../source/reading.ts';

/** Path relative to the root → SHA-256, sorted by path. */
export type Contents = ReadonlyMap<string, string>;

/** What Python and editors leave behind is no part of a release. */
const isLeftBehind = (name: string): boolean => name.startsWith('.') || name === '__pycache__' || name.endsWith('.pyc');

/** Folders and files that a release takes along, where they are there. */
export const partsOf = (environment: string): string[] => [
  ...PLATFORM_FILES,
  ...SPEC_FOLDERS,
  'generated/common',
  `generated/${environment}`,
  'runtime/mlops_runtime',
  'runtime/requirements.lock',
];

export function contentsOf(checkout: string, environment: string): Contents {
  const carriesRuntime = lstatSync(join(checkout, RUNTIME_SOURCES), { throwIfNoEntry: false }) !== undefined;
  const parts = partsOf(environment).filter((part) => carriesRuntime || !part.startsWith('runtime/'));
  const files = parts.flatMap((part) => filesBelow(checkout, part)).sort();
  return new Map(files.map((path) => [path, digestOf(readFileSync(join(checkout, path)))]));
}

/** The same content is the same release, whoever makes it, and from whatever commit. */
export function idOf(contents: Contents, checkout: string, environment: string): string {
  const hash = createHash('sha256');
  for (const [path, digest] of contents) hash.update(`${path}\0${digest}\n`);
  for (const digest of Object.values(packagesOf(checkout, environment))) hash.update(`${digest}\n`);
  return hash.digest('hex').slice(0, 12);
}

/** What is installed, and lies in no release: by the lock of the platform's Python, the runtime's wheel, and images. */
export function packagesOf(checkout: string, environment: string): Record<string, string> {
  const { lock, wheel } = runtimeOf(checkout);
  const there = { root: checkout, environment };
  const digest = (path: string): string => digestOf(readFileSync(path));
  return { lock: digest(lock), ...(wheel ? { runtime: digest(wheel) } : {}), ...imageDigests(there) };
}

export const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function filesBelow(root: string, path: string): string[] {
  const found = lstatSync(join(root, path), { throwIfNoEntry: false });
  if (found?.isFile()) return [path];
  if (found === undefined) return [];
  if (!found.isDirectory()) throw notTaken(path, found);
  return entriesOf(join(root, path))
    .filter(({ name }) => !isLeftBehind(name))
    .flatMap(({ name }) => filesBelow(root, `${path}/${name}`));
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return []; // it has just gone
    throw error;
  }
}

const notTaken = (path: string, found: { isSymbolicLink(): boolean }): OperationError =>
  new OperationError(
    `${printable(path)} is ${found.isSymbolicLink() ? 'a symbolic link' : 'no file'}; a release holds files alone: ` +
      'what it leads to could change under what runs. Put the file itself there, or move it out of the folder.',
    1,
  );
