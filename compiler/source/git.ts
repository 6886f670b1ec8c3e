/**
 * The only reader of commits. The work tree and the index are not touched, and nothing that the repository states is
 * obeyed: only commands are used that know no hook, filter, attribute or pager; no other program is started, nothing
 * is fetched, and no object takes the place of another.
 */

import { posix } from 'node:path';
import { GitError, GitPluginError, type SimpleGit, simpleGit } from 'simple-git';
import { RUNTIME_SOURCES } from '../product/product.ts';
import { type CommitEntry, commitStore, LINK } from './commit-store.ts';
import { PLATFORM_FILES, type Sources, SPEC_FOLDERS, sourcesOf } from './reading.ts';

/** A sentence for the person at the terminal: what of the repository cannot be used, and what to do. */
export class GitProblem extends Error {}

export interface Commit {
  id: string;
  /** As the person called it. */
  name: string;
}

/** Of all that is read of a commit. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Of what a command lists: a tree may name itself a thousand times. */
const MOST_OF_LISTING = 16 * 1024 * 1024;
/** Of links it matters whether they lead to a folder; beyond these nobody asks. */
const MOST_LINKS = 1000;
const MOST_OF_LINK = 4096;
const FIRST_PARENTS = ['rev-list', '--first-parent'];
const AT_ONCE = 8;
/** Without a byte of an answer; no honest repository takes so long. */
const PATIENCE_MS = 60_000;

/** Each without effect where an older git does not know it. */
const ENVIRONMENT = {
  /** A missing object of a partial clone is missing. */
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
};

export class Repository {
  readonly #root: string;
  /** Path of the folder within the repository, with a slash at its end; empty at the top. */
  readonly prefix: string;
  readonly isBare: boolean;
  readonly isShallow: boolean;
  readonly objectFormat: 'sha1' | 'sha256';

  private constructor(root: string, [prefix, bare, shallow, format]: [string, boolean, boolean, string]) {
    this.#root = root;
    this.prefix = prefix;
    this.isBare = bare;
    this.isShallow = shallow;
    this.objectFormat = format === 'sha256' ? 'sha256' : 'sha1';
  }

  static async at(root: string): Promise<Repository> {
    const ask = ['--is-bare-repository', '--is-shallow-repository', '--show-object-format', '--show-prefix'];
    const [bare, shallow, format, prefix = ''] = (await text(root, ['rev-parse', ...ask])).split('\n');
    return new Repository(root, [prefix, bare === 'true', shallow === 'true', format ?? '']);
  }

  /** Null where no commit is called so. */
  async commit(name: string): Promise<Commit | null> {
    if (name.startsWith('-')) return null;
    const id = await this.#perhaps(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
    return id === null ? null : { id, name };
  }

  async mergeBase(one: Commit, other: Commit): Promise<string | null> {
    return this.#perhaps(['merge-base', one.id, other.id]);
  }

  /** The commit itself first, then its first parent, and so on. */
  async firstParents({ id }: Commit, count: number): Promise<string[]> {
    const lines = await text(this.#root, ['rev-list', '--first-parent', `--max-count=${count}`, id, '--']);
    return lines.split('\n').filter(Boolean);
  }

  /**
   * When each of the files was changed last, by the first parents; of a shallow clone's oldest commit nobody knows. One
   * question per file: what answers for all at once (`log`, `diff-tree`) reads the index, and runs `core.fsmonitor`.
   */
  async lastChanges({ id }: Commit, paths: readonly string[]): Promise<Map<string, { day: string; commit: string }>> {
    const oldest = this.isShallow ? await this.#perhaps([...FIRST_PARENTS, '--max-parents=0', id, '--']) : null;
    const found = new Map<string, { day: string; commit: string }>();
    for (let from = 0; from < paths.length; from += AT_ONCE)
      await Promise.all(
        paths.slice(from, from + AT_ONCE).map(async (path) => {
          const place = `:(top,literal)${this.prefix}${path}`;
          const line = await this.#perhaps([...FIRST_PARENTS, '--timestamp', '--max-count=1', id, '--', place]);
          const [seconds, commit] = line?.split(' ') ?? [];
          if (commit === undefined || commit === oldest) return;
          const day = new Date(Number(seconds) * 1000).toISOString().slice(0, 10);
          found.set(path, { day, commit: commit.slice(0, 12) });
        }),
      );
    return found;
  }

  /** The same as `readSources` gives of a work tree that holds just this commit. */
  async sources(commit: string): Promise<Sources> {
    const entries = await this.files(commit, [...PLATFORM_FILES, ...SPEC_FOLDERS, RUNTIME_SOURCES]);
    const links = entries.filter((entry) => entry.mode === LINK && entry.size < MOST_OF_LINK).slice(0, MOST_LINKS);
    const wanted = new Set(links.map(({ id }) => id));
    // Once to know what is read, and once with its bytes.
    sourcesOf(commitStore(entries, { blob: (id) => empty(wanted.add(id)), leadsToFolder: () => false }));
    const blobs = await this.#blobs([...wanted], entries);
    const targetOf = ({ path, id }: CommitEntry): string =>
      posix.join(this.prefix, posix.dirname(path), String(blobs.get(id)));
    const folders = await this.#folders(commit, links.map(targetOf));
    return sourcesOf(
      commitStore(entries, {
        blob: (id) => blobs.get(id) ?? Buffer.alloc(0),
        leadsToFolder: (link) => folders.has(targetOf(link)),
      }),
    );
  }

  async #folders(commit: string, paths: readonly string[]): Promise<Set<string>> {
    const within = paths
      .filter((path) => !path.startsWith('../') && path !== '.')
      .map((path) => path.replace(/\/$/, ''));
    if (within.length === 0) return new Set();
    const ask = ['ls-tree', '-d', '-t', '-z', '--name-only', '--full-tree', commit, '--', ...within];
    return new Set((await text(this.#root, ask)).split('\0'));
  }

  /** Files below a folder by path within it, with git's digest of their bytes. */
  async digests(commit: string, folder: string): Promise<Map<string, string>> {
    const entries = await this.files(commit, [folder]);
    return new Map(entries.map(({ path, id }) => [path.slice(folder.length + 1), id]));
  }

  /** Bytes of such files by git's digest of them. */
  async contents(files: readonly CommitEntry[]): Promise<Map<string, Buffer>> {
    return this.#blobs([...new Set(files.map(({ id }) => id))], files);
  }

  /** Files at these paths and below them, as listed; none is read. */
  async files(commit: string, paths: readonly string[]): Promise<CommitEntry[]> {
    const within = paths.map((path) => this.prefix + path);
    const listed = await text(this.#root, ['ls-tree', '-r', '-z', '-l', '--full-tree', commit, '--', ...within]);
    return listed
      .split('\0')
      .filter(Boolean)
      .map((line) => entryOf(line, this.prefix));
  }

  async #blobs(ids: readonly string[], entries: readonly CommitEntry[]): Promise<Map<string, Buffer>> {
    const sizes = new Map(entries.map(({ id, size }) => [id, size]));
    if (ids.reduce((sum, id) => sum + (sizes.get(id) ?? 0), 0) > MOST_BYTES)
      throw new GitProblem(
        `The commit's specs and Python are more than ${MOST_BYTES} bytes together; too many to read.`,
      );
    if (ids.length === 0) return new Map();
    return blobsIn(await answer(this.#root, (git) => git.binaryCatFile(['--batch']), `${ids.join('\n')}\n`));
  }

  async #perhaps(command: readonly string[]): Promise<string | null> {
    try {
      return (await text(this.#root, command)).trim() || null;
    } catch (problem) {
      if (problem instanceof NotThere) return null;
      throw problem;
    }
  }
}

/** What was asked for is not there; git says no more than that by its exit code. */
class NotThere extends Error {}

const empty = (_: unknown): Buffer => Buffer.alloc(0);

const text = (root: string, command: readonly string[]): Promise<string> =>
  answer(root, (git) => git.raw([...command]), undefined);

async function answer<T>(root: string, ask: (git: SimpleGit) => Promise<T>, input: string | undefined): Promise<T> {
  const stop = new AbortController();
  let isSilent = false;
  const git = simpleGit({
    baseDir: root,
    abort: stop.signal,
    timeout: { block: PATIENCE_MS },
    allowEnvironment: Object.keys(ENVIRONMENT),
    // Nothing is written to a command that reads nothing, and its end is told.
    input: () => input ?? '\n',
    errors: (error, { exitCode, stdErr }) => {
      const said = Buffer.concat(stdErr);
      isSilent = exitCode !== 0 && said.length === 0;
      return exitCode === 0 ? error : (error ?? said);
    },
  })
    .env({ ...inherited(), LC_ALL: 'C', ...ENVIRONMENT })
    .outputHandler((_, stdout) => {
      let size = 0;
      stdout.on('data', (bytes: Buffer) => {
        size += bytes.length;
        if (size > (input === undefined ? MOST_OF_LISTING : MOST_BYTES * 2)) stop.abort();
      });
    });
  try {
    return await ask(git);
  } catch (problem) {
    if (stop.signal.aborted)
      throw new GitProblem(
        'The commit names more files than a repository of specs can hold; a folder of it leads back to itself.',
      );
    throw isSilent ? new NotThere() : told(problem);
  }
}

/** Where git and its user's settings are found; an editor, a pager or a repository named by who calls us is not. */
const inherited = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    ['PATH', 'HOME', 'XDG_CONFIG_HOME', 'USERPROFILE', 'SystemRoot', 'TMPDIR'].map((name) => [name, process.env[name]]),
  );

function told(problem: unknown): unknown {
  if (problem instanceof GitPluginError) return new GitProblem(`git gives no answer here: ${problem.message}.`);
  if (!(problem instanceof GitError)) return problem;
  const { message } = problem;
  if (/not a git repository/.test(message))
    return new GitProblem(
      'This folder is in no git repository, so there is nothing to compare it with. Run `git init`.',
    );
  if (/dubious ownership/.test(message))
    return new GitProblem(
      'git does not read this repository, because another user owns it. Say that you trust it: ' +
        '`git config --global --add safe.directory DIR`.',
    );
  if (/ENOENT/.test(message))
    return new GitProblem('There is no `git` on this machine, which reads the base. Install it.');
  const [line = ''] = message.split('\n').filter((each) => /^(fatal|error):/.test(each));
  return new GitProblem(`git cannot read this repository: ${line.replace(/^(fatal|error): /, '') || message.trim()}.`);
}

/** `100644 blob <id> <size>\t<path>`; the size of what is no file is `-`. */
function entryOf(line: string, prefix: string): CommitEntry {
  const tab = line.indexOf('\t');
  const [mode = '', , id = '', size = ''] = line.slice(0, tab).split(/ +/);
  return { path: line.slice(tab + 1 + prefix.length), mode, id, size: Number(size) || 0 };
}

/** `<id> blob <size>\n<bytes>\n`, or `<id> missing\n`. */
function blobsIn(bytes: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at);
    const [id = '', type, size] = bytes.toString('latin1', at, end).split(' ');
    if (type !== 'blob')
      throw new GitProblem(
        `The object ${id} is not in this clone, which holds a part of the history. Fetch it: \`git fetch --refetch\`.`,
      );
    found.set(id, bytes.subarray(end + 1, end + 1 + Number(size)));
    at = end + 2 + Number(size);
  }
  return found;
}
