/**
 * `npm test`: every uvu file in a process of its own, then pytest. A file that runs no test fails, a
 * hanging one is ended, and the last line counts what really ran.
 *
 *   npm test                    all
 * What a test prints as `figure: …` is shown. Files called `*.alone.test.ts` measure time, and run when nothing else
 * does.
 *
 *   npm test -- writer cases    only the files whose path contains one of the words
 */
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { $, chalk, glob } from 'zx';
import { preparePython } from './test-python.ts';

interface Outcome {
  name: string;
  passed: number;
  failed: number;
  seconds: number;
  output: string;
}

const root = join(import.meta.dirname, '..');
const FILE_TIMEOUT = '300s';
const PYTEST_TIMEOUT = '1200s';
$.verbose = false;
$.quiet = true;
$.cwd = root;
$.nothrow = true;

const words = process.argv.slice(2);
const wanted = (path: string): boolean => words.length === 0 || words.some((word) => path.includes(word));

const uvuFiles = (await glob(['compiler/**/*.test.ts', 'test/**/*.test.ts'], { cwd: root })).sort().filter(wanted);
const pytestFolders = ['runtime/tests', ...['pipelines', 'models'].filter(hasTests)].filter(wanted);

const python = await preparePython(root);
const outcomes: Outcome[] = [];
const isAlone = (path: string): boolean => path.endsWith('.alone.test.ts');
const run = async (path: string): Promise<void> => show(await runUvu(path));
await inParallel(
  uvuFiles.filter((path) => !isAlone(path)),
  Math.max(1, cpus().length),
  run,
);
await inParallel(uvuFiles.filter(isAlone), 1, run);
if (pytestFolders.length > 0) show(await runPytest(pytestFolders));

const passed = outcomes.reduce((sum, each) => sum + each.passed, 0);
const failed = outcomes.reduce((sum, each) => sum + each.failed, 0) + (outcomes.length === 0 ? 1 : 0);
if (outcomes.length === 0) console.log(`No test file matches ${words.join(', ')}.`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function hasTests(folder: string): boolean {
  return (readdirSync(join(root, folder), { recursive: true }) as string[]).some((path) =>
    /(^|\/)test_[^/]*\.py$/.test(path),
  );
}

async function runUvu(path: string): Promise<Outcome> {
  const started = Date.now();
  const result = await $({
    timeout: FILE_TIMEOUT,
    env: { ...process.env, MLOPS_TEST_PYTHON: python, NO_COLOR: '1' },
  })`node --import tsx ${path}`;
  const count = (word: string): number => Number(new RegExp(`^  ${word}: +(\\d+)$`, 'm').exec(result.stdout)?.[1] ?? 0);
  const total = count('Total');
  const failed = total - count('Passed');
  return {
    name: path,
    passed: count('Passed'),
    // A crash, a timeout or a file without a test counts as a failure of its own.
    failed: failed > 0 ? failed : result.exitCode !== 0 || total === 0 ? 1 : 0,
    seconds: (Date.now() - started) / 1000,
    output: `${result.stdout}${result.stderr}`,
  };
}

async function runPytest(folders: string[]): Promise<Outcome> {
  const started = Date.now();
  const result = await $({
    timeout: PYTEST_TIMEOUT,
    env: { ...process.env, MLOPS_TEST_PYTHON: python, PYTHONDONTWRITEBYTECODE: '1' },
  })`${python} -m pytest -q -p no:cacheprovider -c runtime/pyproject.toml --rootdir=. ${folders}`;
  const count = (word: string): number =>
    Number(new RegExp(`(\\d+) ${word}`).exec(result.stdout.trimEnd().split('\n').at(-1) ?? '')?.[1] ?? 0);
  const bad = count('failed') + count('error') + count('skipped');
  return {
    name: `pytest ${folders.join(' ')}`,
    passed: count('passed'),
    failed: bad > 0 ? bad : result.exitCode === 0 ? 0 : 1,
    seconds: (Date.now() - started) / 1000,
    output: `${result.stdout}${result.stderr}`,
  };
}

function show(outcome: Outcome): void {
  outcomes.push(outcome);
  const { name, passed: good, failed: bad, seconds, output } = outcome;
  const mark = bad === 0 ? chalk.green('✓') : chalk.red('✗');
  console.log(`${mark} ${name} ${chalk.dim(`${good} passed${bad ? `, ${bad} failed` : ''}, ${seconds.toFixed(1)} s`)}`);
  if (bad > 0) console.log(output.replace(/^/gm, '    '));
  else for (const [, figure] of output.matchAll(/figure: (.*)/g)) console.log(`    ${figure}`);
}

async function inParallel<T>(items: T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
