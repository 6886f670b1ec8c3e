/** A git repository in a folder of its own, made with the git of this machine and none of its users' settings. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Files by path, and a person who commits at one moment, so that a commit's name is always the same. */
const ENVIRONMENT = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
};

export class GitRepository {
  readonly root: string;

  constructor(...init: string[]) {
    this.root = mkdtempSync(join(tmpdir(), 'commits-'));
    this.git('init', '--quiet', '--initial-branch=main', ...init);
  }

  git(...args: string[]): string {
    return this.feed('', ...args);
  }

  feed(input: string | Buffer, ...args: string[]): string {
    return execFileSync('git', args, { cwd: this.root, input, env: ENVIRONMENT, stdio: 'pipe' }).toString().trim();
  }

  write(files: Iterable<readonly [path: string, content: string | Buffer]>): void {
    for (const [path, content] of files) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), content);
    }
  }

  /** Commits everything that is there, and gives the commit's name. */
  commit(message = 'A change'): string {
    this.git('add', '--all', '--force');
    this.git('commit', '--quiet', '--no-verify', '--allow-empty', '--message', message);
    return this.git('rev-parse', 'HEAD');
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
