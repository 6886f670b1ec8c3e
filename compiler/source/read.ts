/** The only reader of the repository: specs as bytes, and the team's Python as text for the checks. */
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { byText } from '../diagnostics/diagnostic.ts';

export const SPEC_FOLDERS = ['features', 'pipelines', 'models', 'policies', 'monitoring'] as const;
const MAX_BYTES = 1024 * 1024;
const MAX_DEPTH = 16;
const LINK = 'it is a symbolic link, and links are not followed';
const LOCK_FILES = ['requirements.lock'];

export interface SourceFile {
  path: string;
  bytes: Uint8Array;
  /** Set where the file is a symbolic link or too large to be read; then `bytes` is empty. */
  refused: string | null;
}

export interface Sources {
  specs: SourceFile[];
  /** Python files below pipelines/ and models/ by path. */
  code: Map<string, string>;
  /** Lock files of folders that bring their own dependencies, by path. */
  locks: Map<string, string>;
}

/**
 * Reads platform.yaml and everything below features/, pipelines/, models/, policies/ and monitoring/; follows no link.
 */
export function readSources(root: string): Sources {
  const sources: Sources = { specs: [], code: new Map(), locks: new Map() };
  for (const name of ['platform.yaml', 'platform.yml']) if (exists(join(root, name))) readFile(root, name, sources);
  for (const folder of SPEC_FOLDERS) if (exists(join(root, folder))) walk(root, folder, 0, sources);
  return sources;
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function walk(root: string, folder: string, depth: number, sources: Sources): void {
  if (depth > MAX_DEPTH) return;
  const entries = readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) => byText(a.name, b.name));
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === '__pycache__' || entry.name === 'node_modules') continue;
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) walk(root, path, depth + 1, sources);
    else if (isLinkedFolder(root, path)) sources.specs.push({ path, bytes: new Uint8Array(), refused: LINK });
    else readFile(root, path, sources);
  }
}

/** A folder behind a link might hold specs, which would be missed in silence. */
function isLinkedFolder(root: string, path: string): boolean {
  return (
    lstatSync(join(root, path)).isSymbolicLink() &&
    statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() === true
  );
}

function readFile(root: string, path: string, sources: Sources): void {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const isSpec = /\.ya?ml$/i.test(name);
  if (!isSpec && !name.endsWith('.py') && !LOCK_FILES.includes(name)) return;
  const status = lstatSync(join(root, path));
  if (LOCK_FILES.includes(name))
    sources.locks.set(path, status.isFile() && status.size <= MAX_BYTES ? readFileSync(join(root, path), 'utf8') : '');
  else if (isSpec) sources.specs.push({ path, ...content(join(root, path), status) });
  else if (status.isFile() && status.size <= MAX_BYTES) sources.code.set(path, readFileSync(join(root, path), 'utf8'));
}

function content(path: string, status: ReturnType<typeof lstatSync> & object): Omit<SourceFile, 'path'> {
  const refuse = (refused: string) => ({ bytes: new Uint8Array(), refused });
  if (status.isSymbolicLink()) return refuse(LINK);
  if (!status.isFile()) return refuse('it is not a regular file');
  if (status.size > MAX_BYTES) return refuse(`it has ${status.size} bytes`);
  try {
    return { bytes: readFileSync(path), refused: null };
  } catch (problem) {
    return refuse(`it cannot be read (${(problem as NodeJS.ErrnoException).code ?? 'unknown reason'})`);
  }
}
