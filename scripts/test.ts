/**
 * `npm test`: the product's own tests. Each uvu file runs in a process of its own, pytest beside them. They need Node,
 * Python and git, and nothing else: what asks a server's program is `npm run test:servers`, what a team has written is
 * `npm run test:team`. A hanging file is ended, and the last line counts what really ran.
 *
 *   npm test                    all
 *   npm test -- writer gate     only the files whose path contains one of the words
 *   npm test -- --without gate  all others; several are parted by commas
 */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { glob, minimist } from 'zx';
import { inParallel } from './testing/in-parallel.ts';
import { close, type Outcome, show } from './testing/outcome.ts';
import { runPytest } from './testing/pytest.ts';
import { preparePython } from './testing/python.ts';
import { runUvu } from './testing/uvu.ts';

const root = join(import.meta.dirname, '..');
const options = minimist(process.argv.slice(2), { string: ['without'] });
const words = options._.map(String);
const without = String(options['without'] ?? '')
  .split(',')
  .filter(Boolean);
const wanted = (path: string): boolean =>
  (words.length === 0 || words.some((word) => path.includes(word))) && !without.some((word) => path.includes(word));
const find = async (patterns: string[], ignore: string): Promise<string[]> =>
  (await glob(patterns, { cwd: root, ignore: [ignore] })).sort();

const uvuFiles = (await find(['compiler/**/*.test.ts', 'test/**/*.test.ts'], 'test/servers/**')).filter(wanted);
const pythonFiles = (await find(['runtime/tests/**/test_*.py'], 'runtime/tests/servers/**')).filter(wanted);

const python = await preparePython(root);
const works = uvuFiles.map((path) => () => runUvu(root, path, python));
// It takes the longest, so it begins first.
if (pythonFiles.length > 0) works.unshift(() => runPytest(root, python, 'runtime/tests', pythonFiles));

const outcomes: Outcome[] = [];
await inParallel(works, Math.max(1, cpus().length), async (work) => {
  const outcome = await work();
  outcomes.push(outcome);
  show(outcome);
});

if (works.length === 0) console.log(`No test file matches ${words.join(', ')}.`);
const isWhole = outcomes.every(({ skipped }) => skipped === 0);
if (!isWhole)
  console.log('A test here does not turn itself off: what needs more than Node, Python and git is in test:servers.');
close(outcomes);
if (works.length === 0 || !isWhole) process.exitCode = 2;
