/** The stand-in's branches, trees and commits: a bare repository's, made by git as GitHub's Git Data API does. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerOf, type Operation } from './description.ts';
import type { Asked, Reply, StoredPull } from './records.ts';

interface Entry {
  path: string;
  mode: string;
  sha?: string | null;
  content?: string;
}

const NOT_FOUND: Reply = { status: 404, body: { message: 'Not Found' } };
const refused = (message: string): Reply => ({
  status: 422,
  body: { message, documentation_url: 'https://x.example' },
});

export class GitData {
  protectedBranches: readonly string[] = [];
  /** Everybody else reads. */
  writers: readonly string[] = [];
  /** Whom the token is of; GitHub writes that where a request names nobody. */
  author = { name: 'github-actions[bot]', email: 'bot@users.noreply.github.example' };
  readonly #origin: string;
  readonly #index: string;

  constructor(origin: string) {
    this.#origin = origin;
    this.#index = join(origin, 'stand-in.index');
  }

  /** Null: it is no question of these. */
  serve(asked: Asked, operation: Operation, pulls: StoredPull[]): Reply | null {
    return this.#services[asked.operation]?.(asked, operation, pulls) ?? null;
  }

  tip(branch: string): string | null {
    try {
      return this.#git(['rev-parse', '--verify', '--quiet', `refs/heads/${branch}^{commit}`]);
    } catch {
      return null;
    }
  }

  readonly #services: Record<string, (asked: Asked, operation: Operation, pulls: StoredPull[]) => Reply> = {
    'repos/get-branch': ({ words }, operation) => {
      const name = decodeURIComponent(words['branch'] ?? '');
      const sha = this.tip(name);
      if (sha === null) return NOT_FOUND;
      const isProtected = this.protectedBranches.includes(name);
      return { status: 200, body: answerOf(operation, 200, { name, protected: isProtected, commit: { sha } }) };
    },
    'repos/get-collaborator-permission-level': ({ words }, operation) => {
      const permission = this.writers.includes(decodeURIComponent(words['username'] ?? '')) ? 'write' : 'read';
      return { status: 200, body: answerOf(operation, 200, { permission, role_name: permission }) };
    },
    'git/get-commit': ({ words }, operation) => {
      const sha = words['commit_sha'] ?? '';
      const tree = { sha: this.#git(['rev-parse', '--verify', `${sha}^{tree}`]) };
      return { status: 200, body: answerOf(operation, 200, { sha, tree }) };
    },
    'git/create-tree': ({ body }, operation) => {
      const sha = this.#tree(String(body['base_tree']), body['tree'] as Entry[]);
      return sha === null
        ? refused('GitRPC::BadObjectState')
        : { status: 201, body: answerOf(operation, 201, { sha, truncated: false }) };
    },
    'git/create-commit': ({ body }, operation) => {
      const {
        tree,
        message,
        parents,
        author = this.author,
      } = body as unknown as {
        tree: string;
        message: string;
        parents: string[];
        author?: { name: string; email: string };
      };
      const words = ['commit-tree', tree, ...parents.flatMap((each) => ['-p', each])];
      const sha = this.#git(words, message, {
        ...{ GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email, GIT_AUTHOR_DATE: '2026-01-02T00:00:00Z' },
        ...{ GIT_COMMITTER_NAME: author.name, GIT_COMMITTER_EMAIL: author.email },
        GIT_COMMITTER_DATE: '2026-01-02T00:00:00Z',
      });
      return { status: 201, body: answerOf(operation, 201, { sha, message, tree: { sha: tree } }) };
    },
    'git/update-ref': ({ words, body }, operation, pulls) => {
      const ref = decodeURIComponent(words['ref'] ?? '');
      const branch = ref.replace(/^heads\//, '');
      const [before, sha] = [this.tip(branch), String(body['sha'])];
      if (before === null) return refused('Reference does not exist');
      if (body['force'] !== true && this.#git(['merge-base', before, sha]) !== before)
        return refused('Update is not a fast forward');
      this.#git(['update-ref', `refs/heads/${branch}`, sha]);
      for (const pull of pulls) if (pull.branch === branch) pull.head = sha;
      return { status: 200, body: answerOf(operation, 200, { ref: `refs/${ref}`, object: { sha } }) };
    },
  };

  /** Null where something is to go that is not there. */
  #tree(base: string, entries: readonly Entry[]): string | null {
    rmSync(this.#index, { force: true });
    this.#git(['read-tree', base]);
    const present = new Set(this.#git(['ls-files', '-z']).split('\0'));
    if (entries.some(({ path, sha }) => sha === null && !present.has(path))) return null;
    const ids = this.#blobs(entries.flatMap(({ content }) => content ?? []));
    const lines = entries.map(({ path, mode, sha, content }) => {
      const id = content === undefined ? sha : ids.shift();
      return id === null ? `0 ${'0'.repeat(40)}\t${path}\0` : `${mode} ${id}\t${path}\0`;
    });
    this.#git(['update-index', '-z', '--index-info'], lines.join(''));
    return this.#git(['write-tree']);
  }

  /** In one call: a process for each would take most of a test's time. */
  #blobs(contents: readonly string[]): string[] {
    const folder = `${this.#index}.files`;
    mkdirSync(folder);
    const paths = contents.map((content, at) => {
      writeFileSync(join(folder, String(at)), content);
      return join(folder, String(at));
    });
    try {
      return this.#git(['hash-object', '-w', '--no-filters', '--stdin-paths'], paths.join('\n')).split('\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  #git(words: readonly string[], input = '', env: Record<string, string> = {}): string {
    return execFileSync('git', ['--git-dir', this.#origin, ...words], {
      ...{ input, encoding: 'utf8', stdio: 'pipe' },
      env: { PATH: process.env['PATH'], GIT_INDEX_FILE: this.#index, GIT_CONFIG_GLOBAL: '/dev/null', ...env },
    }).trim();
  }
}
