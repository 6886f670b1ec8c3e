/**
 * `npm run test:faults`: deploys into which faults are injected, at every boundary that a deploy comes by, on a sandbox
 * with real processes. Each must end wholly old or wholly new after at most one `--resume`, counted object by object.
 * It may be stopped at any time: what has passed is kept in `.mlops/test-faults.json`, by seed and commit.
 *
 *   npm run test:faults                        300 faults of seed 1
 *   npm run test:faults -- --times 50 --seed 7 other numbers
 *   npm run test:faults -- --fresh             begins again
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { $, minimist } from 'zx';
import { numbers } from '../compiler/test/numbers.ts';
import { boundariesOf, casesOf, tried, writeFaultyPlan } from '../test/operate/faults.ts';
import { withSandbox } from '../test/operate/sandbox.ts';

interface State {
  source: string;
  /** How each ended, by its number. */
  done: Record<string, string>;
}

const root = join(import.meta.dirname, '..');
const file = join(root, '.mlops/test-faults.json');
const options = minimist(process.argv.slice(2), { boolean: ['fresh'], default: { times: 300, seed: 1 } });
const [times, seed] = [Number(options['times']), Number(options['seed'])];
if (!Number.isInteger(times) || !Number.isInteger(seed) || times < 1) throw new Error('--times and --seed are numbers');

if (options['fresh']) rmSync(file, { force: true });
const source = await sourceNow();
const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as State) : null;
const state: State = kept?.source === source ? kept : { source, done: {} };
const wrong: string[] = [];

await withSandbox({}, async (sandbox) => {
  writeFaultyPlan(sandbox.workspace.checkout, [15430, 15431, 15432]);
  const found = await boundariesOf(sandbox);
  const random = numbers(seed);
  const all = casesOf(found, random);
  console.log(`Seed ${seed}: ${times} times; ${all.length} cases at ${found.plain.length} boundaries.`);
  // The same again upsets tools for other numbers of requests.
  while (all.length < times) all.push(...casesOf(found, random));
  for (const [index, each] of all.slice(0, times).entries()) {
    if (String(index) in state.done) continue;
    const { wrong: problem, is, isResumed } = await tried(sandbox, each, `text of ${index} ${seed}`);
    if (problem === null) keep(String(index), `${is}${isResumed ? ', resumed' : ''}`);
    else wrong.push(each.what);
    console.log(`${problem === null ? '✓' : '✗'} ${index} ${each.what}: ${problem ?? state.done[index]}`);
  }
  const ends = Object.values(state.done);
  const counted = (end: string): number => ends.filter((each) => each === end).length;
  const sums = ['old', 'new', 'old, resumed', 'new, resumed'].map((end) => `${counted(end)} ${end}`);
  console.log(`${ends.length} ended wholly (${sums.join('; ')}), ${wrong.length} did not.`);
})();
if (wrong.length > 0) process.exitCode = 1;

async function sourceNow(): Promise<string> {
  const { stdout: commit } = await $({ cwd: root, quiet: true })`git rev-parse HEAD`;
  const { stdout: changes } = await $({ cwd: root, quiet: true })`git diff HEAD | git hash-object --stdin`;
  return `${seed} ${commit.trim()} ${changes.trim()}`;
}

function keep(name: string, end: string): void {
  state.done[name] = end;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.draft`, `${JSON.stringify(state, null, 1)}\n`);
  renameSync(`${file}.draft`, file);
}
