/**
 * `npm run test:faults`: deploys into which faults are injected, at every boundary that a deploy comes by, on a sandbox
 * with real processes. Each must end wholly old or wholly new after at most one `--resume`, counted object by object.
 * It may be stopped at any time: what has passed is kept in `.mlops/test-faults.json`, by seed and commit.
 *
 *   npm run test:faults                        300 faults of seed 1
 *   npm run test:faults -- --times 50 --seed 7 other numbers
 *   npm run test:faults -- --minutes 10        ends after some, to be gone on with by the next
 *   npm run test:faults -- --fresh             begins again
 *   npm run test:faults -- --write             writes docs/faults.md of what has passed, once that is all
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { $, minimist } from 'zx';
import { numbers } from '../compiler/test/numbers.ts';
import { boundariesOf, casesOf, tried, writeFaultyPlan } from '../test/operate/faults.ts';
import { withSandbox } from '../test/operate/sandbox.ts';
import { pageOf, type Tried } from './testing/faults-page.ts';

interface State {
  source: string;
  /** How each ended, by its number. */
  done: Record<string, Tried>;
}

const root = join(import.meta.dirname, '..');
const file = join(root, '.mlops/test-faults.json');
const page = join(root, 'docs/faults.md');
const options = minimist(process.argv.slice(2), {
  boolean: ['fresh', 'write'],
  default: { times: 300, seed: 1, minutes: 600 },
});
const [times, seed, minutes] = ['times', 'seed', 'minutes'].map((name) => Number(options[name])) as [
  number,
  number,
  number,
];
if (![times, seed, minutes].every(Number.isInteger) || times < 1)
  throw new Error('--times, --seed and --minutes are numbers');

if (options['fresh']) rmSync(file, { force: true });
const source = await sourceNow();
const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as State) : null;
const state: State = kept?.source === source ? kept : { source, done: {} };

if (options['write']) write();
else await play();

async function play(): Promise<void> {
  const wrong: string[] = [];
  const until = Date.now() + minutes * 60_000;
  await withSandbox({}, async (sandbox) => {
    writeFaultyPlan(sandbox.workspace.checkout, [15433, 15434, 15435]);
    const found = await boundariesOf(sandbox);
    const all = casesOf(found, numbers(seed));
    console.log(`Seed ${seed}: ${Math.min(times, all.length)} of ${all.length} cases at the boundaries of a deploy.`);
    for (const [index, each] of all.slice(0, times).entries()) {
      if (String(index) in state.done || Date.now() > until) continue;
      const from = performance.now();
      const { wrong: problem, is, isResumed } = await tried(sandbox, each, `text of ${index} ${seed}`);
      const seconds = Math.round((performance.now() - from) / 100) / 10;
      const end = `${is}${isResumed ? ', resumed' : ''}`;
      const isBack = each.faults.length > 1;
      if (problem === null) keep(String(index), { fault: each.faults.at(-1)?.name ?? '', isBack, end, seconds });
      else wrong.push(each.what);
      console.log(`${problem === null ? '✓' : '✗'} ${index} ${each.what}: ${problem ?? end}, ${seconds} s`);
    }
  })();
  const done = Object.values(state.done).length;
  console.log(`${done} of ${times} ended wholly old or wholly new, ${wrong.length} of this run did not.`);
  if (wrong.length > 0) process.exitCode = 1;
}

function write(): void {
  const done = Object.values(state.done);
  if (done.length < times)
    throw new Error(`${done.length} of ${times} have passed at this commit; play the rest first`);
  writeFileSync(page, pageOf(done, seed));
}

async function sourceNow(): Promise<string> {
  const { stdout: commit } = await $({ cwd: root, quiet: true })`git rev-parse HEAD`;
  const { stdout: changes } = await $({ cwd: root, quiet: true })`git diff HEAD | git hash-object --stdin`;
  return `${seed} ${commit.trim()} ${changes.trim()}`;
}

function keep(name: string, end: Tried): void {
  state.done[name] = end;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.draft`, `${JSON.stringify(state, null, 1)}\n`);
  renameSync(`${file}.draft`, file);
}
