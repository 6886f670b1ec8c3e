/** A bare repository with a hook that deploys what is pushed, and a checkout of it. */
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { parseDocument } from 'yaml';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';
import { compile } from './compile.ts';
import type { Settings } from './on-push.ts';

/** A change of one value in one spec. */
export interface Commit {
  message: string;
  spec: string;
  path: string[];
  /** From what stands there, as plain data. */
  to(before: unknown): unknown;
}

/** Filled with what is in the workspace's folder, committed or not. */
export class Repository {
  readonly #folder: string;
  readonly #work: string;

  static async of(workspace: Workspace): Promise<Repository> {
    const made = new Repository(realpathSync(mkdtempSync(join(tmpdir(), 'mlops-pushes-'))));
    try {
      await made.#fill(workspace);
      return made;
    } catch (problem) {
      made.remove();
      throw problem;
    }
  }

  private constructor(folder: string) {
    this.#folder = folder;
    this.#work = join(folder, 'work');
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #fill({ root, environment }: Workspace): Promise<void> {
    const bare = join(this.#folder, 'shared.git');
    const builds = join(this.#folder, 'builds');
    mkdirSync(builds);
    await run('git', ['init', '--quiet', '--bare', '--initial-branch', 'main', bare], this.#folder);
    // Whoever runs this may keep hooks of their own for every repository.
    await run('git', ['-C', bare, 'config', 'core.hooksPath', join(bare, 'hooks')], this.#folder);
    await run('git', ['clone', '--quiet', bare, this.#work], this.#folder);
    const ignored = ['.git', 'node_modules', '.mlops', '.venv', '.venv-test', 'dist', 'secrets'];
    cpSync(root, this.#work, {
      recursive: true,
      filter: (path) => path === root || !ignored.includes(basename(path)),
    });
    await this.#commit('What is in this folder');
    await this.#git('push', '--quiet', 'origin', 'HEAD:main');
    const settings = join(this.#folder, 'settings.json');
    writeFileSync(settings, JSON.stringify({ repository: bare, builds, root, environment } satisfies Settings));
    const words = [
      process.execPath,
      '--import',
      import.meta.resolve('tsx'),
      join(import.meta.dirname, 'on-push.ts'),
      settings,
    ];
    const hook = join(bare, 'hooks/post-receive');
    const called = words.map((each) => `'${each.replaceAll("'", "'\\''")}'`).join(' ');
    writeFileSync(hook, `#!/bin/sh\nunset GIT_DIR\nexec ${called} 2>&1\n`);
    chmodSync(hook, 0o755);
  }

  /** Until the hook has deployed it. */
  async push({ message, spec, path, to }: Commit): Promise<{ commit: string; release: string }> {
    const file = join(this.#work, spec);
    const document = parseDocument(readFileSync(file, 'utf8'));
    document.setIn(path, document.createNode(to(valueAt(document.toJS(), path)), { flow: true }));
    writeFileSync(file, document.toString({ lineWidth: 0, flowCollectionPadding: false }));
    await compile(this.#work);
    await this.#commit(message);
    const said = await this.#git('push', 'origin', 'HEAD:main');
    const [, commit, release] = /Deployed ([0-9a-f]{40}) as release ([0-9a-f]+)\./.exec(said) ?? [];
    if (commit !== undefined && release !== undefined) return { commit, release };
    throw new OperationError(`What was pushed was not deployed.\n${said}`, 1);
  }

  async #commit(message: string): Promise<void> {
    await this.#git('add', '--all');
    await this.#git('commit', '--quiet', '--no-gpg-sign', '--message', message);
  }

  #git(...words: string[]): Promise<string> {
    const settings = ['user.name=demo', 'user.email=demo@example.com', 'core.hooksPath=/dev/null'];
    return run('git', [...settings.flatMap((each) => ['-c', each]), ...words], this.#work);
  }
}

/** What it prints, errors included. */
async function run(program: string, words: string[], cwd: string): Promise<string> {
  const options = { cwd, maxBuffer: 2 ** 26, env: { ...process.env, GIT_TERMINAL_PROMPT: '0' } };
  try {
    const { stdout, stderr } = await promisify(execFile)(program, words, options);
    return stdout + stderr;
  } catch (problem) {
    const { stdout = '', stderr = '', message } = problem as Error & { stdout?: string; stderr?: string };
    throw new OperationError(`\`${program} ${words.at(-1)}\` failed.\n${stdout}${stderr || message}`, 1);
  }
}

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], value);
