import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { $ } from 'zx';
import type { Outcome } from './outcome.ts';

const TIMEOUT = '2400s';

/** Whether pytest would find a test below the folder. */
export function hasPythonTests(root: string, folder: string): boolean {
  const paths = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return paths.some((path) => /(^|\/)(test_[^/]*|[^/]*_test)\.py$/.test(path));
}

/** Runs pytest on the paths; its last line counts. An error outside of a test is a failure. */
export async function runPytest(
  root: string,
  python: string,
  what: string,
  paths: readonly string[],
): Promise<Outcome> {
  const started = Date.now();
  const result = await $({
    cwd: root,
    quiet: true,
    nothrow: true,
    timeout: TIMEOUT,
    env: { ...process.env, MLOPS_TEST_PYTHON: python, PYTHONDONTWRITEBYTECODE: '1' },
  })`${python} -m pytest -q -p no:cacheprovider -c runtime/pyproject.toml --rootdir=. ${paths}`;
  const summary = result.stdout.trimEnd().split('\n').at(-1) ?? '';
  const count = (word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(summary)?.[1] ?? 0);
  const failed = count('failed') + count('error');
  return {
    name: `pytest ${what}`,
    passed: count('passed'),
    failed: failed > 0 ? failed : result.exitCode === 0 ? 0 : 1,
    skipped: count('skipped') + count('deselected') + count('xfailed'),
    seconds: (Date.now() - started) / 1000,
    output: `${result.stdout}${result.stderr}`,
  };
}
