/**
 * `npm run test:long`: the tests that try random input, each with many seeds and many times as often as in `npm test`,
 * which is their short form. It takes hours, and may be stopped at any time: what has passed is kept in
 * `.mlops/test-long.json`, and is not played again on the same commit.
 *
 *   npm run test:long                                  twenty seeds, each tried ten times as often
 *   npm run test:long -- --seeds 100 --times 3 robust  other numbers; only files whose path contains a word
 *   npm run test:long -- --jobs 1                      one at once, beside other work (default: as many as processors)
 *   npm run test:long -- --fresh                       begins again
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { $, glob, minimist } from 'zx';
import { inParallel } from './testing/in-parallel.ts';
import { close, type Outcome, show } from './testing/outcome.ts';
import { preparePython } from './testing/python.ts';
import { runUvu } from './testing/uvu.ts';

interface State {
  /** With what was changed and not committed. */
  source: string;
  /** How many tests passed in a part, by its name. */
  done: Record<string, number>;
}

interface Part {
  name: string;
  path: string;
  seed: number;
}

const TIMEOUT = '3600s';
const root = join(import.meta.dirname, '..');
const file = join(root, '.mlops/test-long.json');
const options = minimist(process.argv.slice(2), {
  boolean: ['fresh'],
  default: { seeds: 20, times: 10, jobs: cpus().length },
});
const times = Number(options['times']);

if (options['fresh']) rmSync(file, { force: true });
const state = await readState();
const parts = await findParts();
const left = parts.filter(({ name }) => !(name in state.done));
const python = await preparePython(root);
if (left.length < parts.length)
  console.log(`${parts.length - left.length} of ${parts.length} parts have passed before.`);

const outcomes: Outcome[] = [];
await inParallel(left, Number(options['jobs']), async ({ name, path, seed }) => {
  const outcome = await runUvu(root, path, python, { SEED: String(seed), TIMES: String(times) }, TIMEOUT);
  outcomes.push(outcome);
  show({ ...outcome, name });
  if (outcome.failed > 0) console.log(`    again: SEED=${seed} TIMES=${times} npm test -- ${path}`);
  else keep(name, outcome.passed);
});
close(outcomes);

async function readState(): Promise<State> {
  const { stdout: commit } = await $({ cwd: root, quiet: true })`git rev-parse HEAD`;
  const { stdout: changes } = await $({ cwd: root, quiet: true })`git diff HEAD | git hash-object --stdin`;
  const source = `${commit.trim()} ${changes.trim()}`;
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as State) : null;
  return kept?.source === source ? kept : { source, done: {} };
}

function keep(name: string, passed: number): void {
  state.done[name] = passed;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.draft`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${file}.draft`, file);
}

/** A test that tries random input takes its seed from `runs.ts`. Seed by seed, so that the first ones try all files. */
async function findParts(): Promise<Part[]> {
  const paths = (await glob(['compiler/**/*.test.ts'], { cwd: root })).sort();
  const random = paths.filter((path) => /from '[./a-z]*\/runs\.ts'/.test(readFileSync(join(root, path), 'utf8')));
  const wanted = random.filter((path) => options._.length === 0 || options._.some((word) => path.includes(word)));
  const seeds = Array.from({ length: Number(options['seeds']) }, (_, index) => index + 1);
  return seeds.flatMap((seed) => wanted.map((path) => ({ name: `${path} seed ${seed}, ${times} times`, path, seed })));
}
