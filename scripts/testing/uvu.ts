import { $, type Duration } from 'zx';
import type { Outcome } from './outcome.ts';

/** Compiling makes much that dies at once: with room for it, a fifth of the time of some files is not spent on that. */
const NODE = ['--max-semi-space-size=64'];

/** Runs one uvu file in a process of its own. A crash, a hang and a file without a test are failures. */
export async function runUvu(
  root: string,
  path: string,
  python: string,
  variables: Record<string, string> = {},
  timeout: Duration = '600s',
): Promise<Outcome> {
  const started = Date.now();
  const result = await $({
    cwd: root,
    quiet: true,
    nothrow: true,
    timeout,
    env: { ...process.env, MLOPS_TEST_PYTHON: python, NO_COLOR: '1', ...variables },
  })`node ${NODE} --import tsx ${path}`;
  const count = (word: string): number => Number(new RegExp(`^  ${word}: +(\\d+)$`, 'm').exec(result.stdout)?.[1] ?? 0);
  const [total, passed, skipped] = [count('Total'), count('Passed'), count('Skipped')];
  const failed = total - passed;
  return {
    name: path,
    passed,
    failed: failed > 0 ? failed : result.exitCode !== 0 || total === 0 ? 1 : 0,
    skipped,
    seconds: (Date.now() - started) / 1000,
    output: `${result.stdout}${result.stderr}`,
  };
}
