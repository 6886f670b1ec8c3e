/** What of a repository is read, and in which order, wherever its files come from: the work tree, or a commit. */
import { isUtf8 } from 'node:buffer';
import { byText } from '../diagnostics/diagnostic.ts';
import { RUNTIME_SOURCES } from '../product/product.ts';

export const SPEC_FOLDERS = ['features', 'pipelines', 'models', 'policies', 'monitoring'] as const;
export const PLATFORM_FILES = ['platform.yaml', 'platform.yml'] as const;
const MAX_BYTES = 1024 * 1024;
/** Of all Python together: what a repository can make the compiler read has an end. */
const MAX_PYTHON = 8 * MAX_BYTES;
/** A file costs something even where it is empty. */
const LEAST_BYTES = 1024;
export const TOO_MUCH_PYTHON = `the Python files before it are more than the ${MAX_PYTHON / MAX_BYTES} MiB allowed`;
const MAX_DEPTH = 16;
const LINK = 'it is a symbolic link, and links are not followed';
const LOCK_FILES = ['requirements.lock'];

export interface SourceFile {
  path: string;
  bytes: Uint8Array;
  /** Why it is not read, for the end of a sentence; then `bytes` is empty. It may be a folder or a Python file. */
  refused: string | null;
}

export interface Sources {
  specs: SourceFile[];
  /** Python files below pipelines/ and models/ by path. */
  code: Map<string, string>;
  /** Python files that are there, and are not read: why. That matters only where a spec names one. */
  unreadCode: Map<string, string>;
  /** Lock files of folders that bring their own dependencies, by path. */
  locks: Map<string, string>;
  /** Whether it is a checkout of the compiler, which runs its own sources of the runtime. */
  carriesRuntime: boolean;
}

export interface Status {
  is: 'file' | 'folder' | 'link' | 'submodule' | 'other';
  size: number;
}

/** Where files come from. Paths are relative to the repository. What fails throws an error with a system's `code`. */
export interface Store {
  isThere(path: string): boolean;
  status(path: string): Status;
  entries(folder: string): { name: string; isFolder: boolean }[];
  bytes(path: string): Buffer;
  /** Whether a link leads to a folder. */
  leadsToFolder(path: string): boolean;
}

/**
 * Reads platform.yaml and everything below features/, pipelines/, models/, policies/ and monitoring/. Follows no link,
 * so nothing outside the repository is read; what cannot be read is in the result, with the reason. Never throws for
 * what the repository holds.
 */
export function sourcesOf(store: Store): Sources {
  const reading = new Reading(store);
  for (const name of PLATFORM_FILES) if (store.isThere(name)) reading.file(name);
  for (const folder of SPEC_FOLDERS) if (store.isThere(folder)) reading.folder(folder, 0);
  return reading.sources;
}

class Reading {
  readonly sources: Sources;
  readonly #store: Store;
  #pythonBytes = 0;

  constructor(store: Store) {
    this.#store = store;
    this.sources = {
      specs: [],
      code: new Map(),
      unreadCode: new Map(),
      locks: new Map(),
      carriesRuntime: store.isThere(RUNTIME_SOURCES),
    };
  }

  folder(path: string, depth: number): void {
    this.#attempt(path, () => {
      const { is } = this.#store.status(path);
      if (is === 'link' || is === 'submodule') this.#refuse(path, NOT_READ[is]);
      else if (is !== 'folder') this.#refuse(path, 'it is a file, and must be a folder');
      else if (depth > MAX_DEPTH) this.#refuse(path, `it lies deeper than ${MAX_DEPTH} folders`);
      else this.#entries(path, depth);
    });
  }

  #entries(folder: string, depth: number): void {
    const entries = this.#store.entries(folder);
    for (const { name, isFolder } of entries.sort((a, b) => byText(a.name, b.name))) {
      if (name.startsWith('.') || name === '__pycache__' || name === 'node_modules') continue;
      const path = `${folder}/${name}`;
      if (name.includes('\ufffd')) this.#refuse(path, 'its name is not UTF-8');
      else if (isFolder) this.folder(path, depth + 1);
      else this.file(path);
    }
  }

  file(path: string): void {
    const name = path.slice(path.lastIndexOf('/') + 1);
    this.#attempt(path, () => {
      const status = this.#store.status(path);
      if (isYaml(name)) this.#spec(path, status);
      else if (LOCK_FILES.includes(name)) this.#lock(path, status);
      else if (name.endsWith('.py')) this.#python(path, status);
      // A folder behind a link might hold specs, which would be missed in silence.
      else if (status.is === 'link' && this.#store.leadsToFolder(path)) this.#refuse(path, LINK);
    });
  }

  #spec(path: string, status: Status): void {
    const reason = refusal(status);
    if (reason) this.#refuse(path, reason);
    else this.sources.specs.push({ path, bytes: this.#store.bytes(path), refused: null });
  }

  #python(path: string, status: Status): void {
    this.#pythonBytes += Math.max(status.size, LEAST_BYTES);
    const reason = refusal(status) ?? (this.#pythonBytes > MAX_PYTHON ? TOO_MUCH_PYTHON : null);
    if (reason) this.sources.unreadCode.set(path, reason);
    else {
      const bytes = this.#store.bytes(path);
      if (isUtf8(bytes) || CODING.test(bytes.toString('latin1'))) this.sources.code.set(path, bytes.toString('utf8'));
      else this.sources.unreadCode.set(path, 'it is not UTF-8, and states no other encoding');
    }
  }

  #lock(path: string, status: Status): void {
    const reason = refusal(status);
    if (reason) this.#refuse(path, reason);
    this.sources.locks.set(path, reason ? '' : this.#store.bytes(path).toString('utf8'));
  }

  /** A failure to read belongs to the file, not to the program; what vanished in the meantime is not there. */
  #attempt(path: string, read: () => void): void {
    try {
      read();
    } catch (problem) {
      const { code } = problem as NodeJS.ErrnoException;
      if (code === undefined) throw problem;
      if (code !== 'ENOENT') this.#refuse(path, `it cannot be read (${REASONS[code] ?? code})`);
    }
  }

  #refuse(path: string, refused: string): void {
    this.sources.specs.push({ path, bytes: new Uint8Array(), refused });
  }
}

/** PEP 263: in one of the first two lines. */
const CODING = /^(?:[^\n]*\n)?[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+/;

const REASONS: Record<string, string> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  ELOOP: 'its links run in a circle',
  EIO: 'the disk reports an error',
};

const NOT_READ = { link: LINK, submodule: 'it is a submodule, whose files the commit does not hold' };

const isYaml = (name: string): boolean => /\.ya?ml$/i.test(name);

function refusal({ is, size }: Status): string | null {
  if (is === 'link' || is === 'submodule') return NOT_READ[is];
  if (is !== 'file') return 'it is not a regular file';
  return size > MAX_BYTES ? `it has ${size} bytes, and at most ${MAX_BYTES} are read` : null;
}
