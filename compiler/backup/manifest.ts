/** What a backup consists of. Its name has the digest of its bytes, so that damage is seen. */
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { isObject } from '../operate/machine/record-file.ts';
import { isReleaseId } from '../operate/releases.ts';
import { type Cipher, isSealed, opened, sealed } from './cipher.ts';
import { type Found, isOurs } from './contents.ts';
import { opening } from './key.ts';

export const FORMAT = 1;

export interface StoredFile extends Found {
  sha256: string;
  bytes: number;
}

export interface Manifest {
  format: number;
  environment: string;
  /** ISO 8601, UTC: when it was begun. Nothing in it is older. */
  at: string;
  /** Version of the compiler. */
  compiler: string;
  /** The one that was current. */
  release: string | null;
  folders: Found[];
  files: StoredFile[];
  links: { path: string; target: string }[];
  /** Links that lead out of the state, and the like. */
  left_out: string[];
}

const ID = /^\d{8}T\d{6}Z-[0-9a-f]{16}$/;

export const isBackupId = (text: string): boolean => ID.test(text);

export function serialize(manifest: Manifest, cipher: Cipher | null): { id: string; content: Buffer } {
  const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  const content = cipher === null ? text : sealed(text, cipher);
  return { id: `${timeOf(manifest)}-${digestOf(content)}`, content };
}

const timeOf = ({ at }: { at: string }): string => at.replace(/[-:]|\.\d+/g, '');

const digestOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex').slice(0, 16);

/** `where` is its file. Fails with a sentence where it is damaged, or not what a backup of ours can be. */
export function parse(
  stored: Buffer,
  { id, where, cipher }: { id: string; where: string; cipher: Cipher | null },
): Manifest {
  const refuse = (why: string) =>
    new OperationError(`The backup ${printable(where)} ${why}. Nothing was changed; restore another one (FOLDER/ID).`);
  if (digestOf(stored) !== id.split('-')[1]) throw refuse('is damaged: its bytes are not those of its name');
  if (cipher === null && isSealed(stored)) throw refuse('is encrypted, and no key is named (--key)');
  const content = cipher === null ? stored : opening(where, () => opened(stored, cipher));
  const value = parsed(content);
  if (!isObject(value)) throw refuse('is none');
  if (value['format'] !== FORMAT)
    throw refuse(`has format ${printable(String(value['format']))}, and this version of mlops reads ${FORMAT}`);
  if (!isManifest(value)) throw refuse('is not as mlops writes one');
  // Who gives an older one a later name has what was replaced since come back.
  if (timeOf(value) !== id.split('-')[0])
    throw refuse(`was made at ${printable(value.at)}, and its name says another time`);
  const wrong = misplaced(value);
  if (wrong !== undefined) throw refuse(`names '${printable(wrong)}', which is no place inside an environment's state`);
  return value;
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return null;
  }
}

const isManifest = (value: Record<string, unknown>): value is Record<string, unknown> & Manifest =>
  typeof value['environment'] === 'string' &&
  typeof value['at'] === 'string' &&
  typeof value['compiler'] === 'string' &&
  (value['release'] === null || isReleaseId(String(value['release']))) &&
  every(value['folders'], isFound) &&
  every(value['files'], (each) => isFound(each) && /^[0-9a-f]{64}$/.test(String(each['sha256'])) && isSize(each)) &&
  every(value['links'], (each) => typeof each['path'] === 'string' && typeof each['target'] === 'string') &&
  Array.isArray(value['left_out']);

const every = (list: unknown, holds: (each: Record<string, unknown>) => boolean): boolean =>
  Array.isArray(list) && list.every((each: unknown) => isObject(each) && holds(each));

const isFound = ({ path, mode }: Record<string, unknown>): boolean =>
  typeof path === 'string' && Number.isInteger(mode) && Number(mode) >= 0 && Number(mode) <= 0o777;

const isSize = ({ bytes }: Record<string, unknown>): boolean => Number.isSafeInteger(bytes) && Number(bytes) >= 0;

/** The first path that could write outside the state, or through a link: a parent must be a folder that is listed. */
function misplaced({ folders, files, links }: Manifest): string | undefined {
  const listed = new Set(['.']);
  const taken = new Set<string>();
  const isPlaced = (path: string): boolean => {
    const isFine = /^[^\0]+$/.test(path) && path.split('/').every((each) => !['', '.', '..'].includes(each));
    return isFine && listed.has(dirname(path)) && !taken.has(path) && taken.add(path) !== undefined;
  };
  for (const { path } of folders) {
    if (!isPlaced(path)) return path;
    listed.add(path);
  }
  return (
    files.find(({ path }) => !isPlaced(path))?.path ??
    links.find(({ path, target }) => !isPlaced(path) || !isOurs(path, target))?.path
  );
}
