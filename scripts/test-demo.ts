/**
 * `npm run test:demo`: the demo end to end, in a fresh clone of HEAD. Twice: the second time with the model's folder
 * copied under another name, which must give a second model with no other edit. `-- --once` plays the first time alone.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { $, chalk } from 'zx';

const TIMEOUT = '900s';
/** Interactions of this environment: everything but collection of logs and metrics, and streaming. */
const DONE = [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13];
const MEMORY_LIMIT_GB = 6;

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'mlops-demo-'));
const clone = join(folder, 'clone');
$.verbose = false;
$.quiet = true;
$.nothrow = true;

let passed = 0;
let failed = 0;

function check(sentence: string, holds: boolean, detail = ''): void {
  if (holds) passed += 1;
  else failed += 1;
  console.log(
    `${holds ? chalk.green('✓') : chalk.red('✗')} ${sentence}${holds || detail === '' ? '' : `\n    ${detail}`}`,
  );
}

interface DemoRun {
  exit: number | null;
  output: string;
  seconds: number;
}

async function demo(...words: string[]): Promise<DemoRun> {
  const started = Date.now();
  const result = await $({
    cwd: clone,
    timeout: TIMEOUT,
    env: { ...process.env, NO_COLOR: '1' },
  })`npm run --silent demo -- ${words}`;
  const output = `${result.stdout}${result.stderr}`;
  process.stdout.write(output.replace(/^/gm, '    '));
  console.log();
  return { exit: result.exitCode, output, seconds: (Date.now() - started) / 1000 };
}

/** Numbers of the interactions that the table says are done. */
const done = ({ output }: DemoRun): number[] =>
  [...output.matchAll(/^✓ +(\d+) .* done$/gm)].map(([, number]) => Number(number));

const memory = ({ output }: DemoRun): number => Number(/at most ([\d.]+) GB of memory/.exec(output)?.[1] ?? Number.NaN);

/** Processes that still carry the mark of this clone in their environment. */
function marked(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`MLOPS_SUPERVISED=${clone}/`);
      } catch {
        return false;
      }
    });
}

/** What is still there some seconds after the demo has ended: what sees by its end that it is to end has a moment. */
async function survivors(): Promise<string> {
  for (let looks = 0; looks < 50 && marked().length > 0; looks += 1) await sleep(100);
  return marked().map(commandLine).join(', ');
}

function commandLine(pid: string): string {
  try {
    return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')}`;
  } catch {
    return pid;
  }
}

/** README says that all of it is little YAML. */
function checkSize(): void {
  const below = ['features', 'pipelines', 'models'].flatMap((folder) =>
    readdirSync(join(clone, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  );
  const lines = ['platform.yaml', ...below.filter((path) => path.endsWith('.yaml'))]
    .flatMap((path) => readFileSync(join(clone, path), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  check("the sample's YAML stays below 150 lines", lines.length < 150, `${lines.length} lines`);
}

async function firstTime(): Promise<DemoRun> {
  const run = await demo();
  check('the demo ends well from a fresh clone', run.exit === 0, `exit code ${run.exit}`);
  check(
    'interactions 1 to 8 and 10 to 13 are done, with evidence',
    JSON.stringify(done(run)) === JSON.stringify(DONE),
    `done: ${done(run).join(', ')}`,
  );
  check('the first candidate becomes champion', /version 1 is champion/.test(run.output));
  check(`all processes together stay below ${MEMORY_LIMIT_GB} GB`, memory(run) < MEMORY_LIMIT_GB, `${memory(run)} GB`);
  const left = await survivors();
  check('no process is left behind', left === '', left);
  const status = await $({ cwd: clone })`git status --porcelain -- . ${':!node_modules'}`;
  check(
    'the clone is as clean as before: what is committed is what the compiler writes',
    status.stdout === '',
    status.stdout,
  );
  return run;
}

async function secondTime(first: DemoRun): Promise<void> {
  cpSync(join(clone, 'models/departure_delay'), join(clone, 'models/delay_copy'), { recursive: true });
  const run = await demo();
  check('the demo ends well a second time, with a copied model', run.exit === 0, `exit code ${run.exit}`);
  check(
    'interactions 1 to 8 and 10 to 13 are done again',
    JSON.stringify(done(run)) === JSON.stringify(DONE),
    `done: ${done(run).join(', ')}`,
  );
  check(
    'the copied model is trained, registered and served',
    /delay_copy version 1 is champion/.test(run.output) && /delay_copy: .*online: version 1/.test(run.output),
  );
  check(
    'a candidate that does not win is refused, and the champion stays',
    /refused/.test(run.output) && /departure_delay version 1 stays champion/.test(run.output),
  );
  const left = await survivors();
  check('no process is left behind the second time', left === '', left);
  console.log(`    first ${first.seconds.toFixed(0)} s with one model, then ${run.seconds.toFixed(0)} s with two`);
}

try {
  await $`git clone --quiet ${root} ${clone}`;
  // What `npm ci` would install again, byte for byte.
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  if (!existsSync(join(clone, 'package.json'))) check('the repository can be cloned', false);
  else {
    checkSize();
    const first = await firstTime();
    if (!process.argv.includes('--once')) await secondTime(first);
  }
} finally {
  await $({ cwd: clone })`npm run --silent down`;
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
