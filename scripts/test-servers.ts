/**
 * `npm run test:servers`: everything that needs a server's program, or root. First the suites, which ask one program
 * each and take seconds; then the chapters: the generated `staging` on the real servers, end to end, in a fresh clone
 * of HEAD. The last line counts what really ran.
 *
 *   npm run test:servers                    all of it
 *   npm run test:servers -- suites          only those; `chapters` likewise; `--without push,live` leaves some out
 *   npm run test:servers -- proxy stream    only the suites and chapters that are named; the platform, for a chapter
 *   npm run test:servers -- --keep          leaves it running, and says where
 *   npm run test:servers -- --on DIR logs   plays chapters on what was left running there
 */
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { $, chalk, minimist } from 'zx';
import { createProgress } from '../compiler/operate/progress.ts';
import { openWorkspace, type Workspace } from '../compiler/operate/workspace.ts';
import { check, freshClone, openStage, STREAMED_DAYS, setPresent, type Tally } from '../test/servers/harness.ts';
import { chapter as platform, rows } from '../test/servers/platform.ts';
import type { Chapter, Stage } from '../test/servers/stage.ts';
import { watchMemory } from './demo/memory-watch.ts';
import { printInteractions } from './demo/report.ts';
import { requireSample } from './demo/sample.ts';
import { type Outcome, show } from './testing/outcome.ts';
import { runPytest } from './testing/pytest.ts';
import { preparePython } from './testing/python.ts';
import { runUvu } from './testing/uvu.ts';

$.verbose = false;
$.quiet = true;

const root = join(import.meta.dirname, '..');
const options = minimist(process.argv.slice(2), { boolean: ['keep'], string: ['on', 'without'] });
const words = options._.map(String);
const without = String(options['without'] ?? '')
  .split(',')
  .filter(Boolean);

type Suite = (python: string) => Promise<Outcome>;

/** The files in test/servers/suites by their name, and pytest's. */
const suites: Record<string, Suite> = {
  ...Object.fromEntries(
    readdirSync(join(root, 'test/servers/suites'))
      .filter((file) => file.endsWith('.test.ts'))
      .sort()
      .map((file): [string, Suite] => [
        file.replace('.test.ts', ''),
        // A platform on a busy machine: what hangs is ended, and what is slow is not.
        (python) => runUvu(root, `test/servers/suites/${file}`, python, {}, '1800s'),
      ]),
  ),
  runtime: (python) => runPytest(root, python, 'runtime/tests/servers', ['runtime/tests/servers']),
};

/** In this order: the stream brings the data up to the present, on which the later chapters build. */
const chapters: Record<string, () => Promise<{ chapter: Chapter }>> = {
  stream: () => import('../test/servers/stream.ts'),
  stores: () => import('../test/servers/stores.ts'),
  metrics: () => import('../test/servers/metrics.ts'),
  // Before the chapters that send the same few flights thousands of times, which is drift indeed.
  monitors: () => import('../test/servers/monitors.ts'),
  logs: () => import('../test/servers/logs.ts'),
  serving: () => import('../test/servers/serving.ts'),
  verbs: () => import('../test/servers/verbs.ts'),
  rotations: () => import('../test/servers/rotations.ts'),
  pushes: () => import('../test/servers/pushes.ts'),
  releases: () => import('../test/servers/releases.ts'),
  faults: () => import('../test/servers/faults.ts'),
  cuts: () => import('../test/servers/cuts.ts'),
  images: () => import('../test/servers/images.ts'),
};

const unknown = [...words, ...without].filter((word) => !(word in { ...suites, ...chapters, suites, chapters }));
if (unknown.length > 0) {
  const known = [...Object.keys(suites), ...Object.keys(chapters)].join(', ');
  console.error(`There is no suite or chapter ${unknown.join(', ')}; there are ${known}.`);
  process.exit(2);
}
const wantedOf = <T>(kind: 'suites' | 'chapters', known: Record<string, T>): [string, T][] =>
  Object.entries(known).filter(
    ([name]) => !without.includes(name) && (words.length === 0 || words.includes(kind) || words.includes(name)),
  );

const tally: Tally = { passed: 0, failed: 0, proofs: new Map() };
const begun = Date.now();
const headline = (title: string): void =>
  console.log(chalk.bold(`\n${title} ${chalk.dim(`(${((Date.now() - begun) / 1000).toFixed(0)} s)`)}`));

const running: string | undefined = options['on'];
if (running === undefined) {
  await install();
  await playSuites();
}
if (wantedOf('chapters', chapters).length > 0 && (await findSample()))
  await playChapters(running ?? (await freshClone(root)));
console.log(`\n${((Date.now() - begun) / 60_000).toFixed(1)} minutes`);
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;

async function install(): Promise<void> {
  headline('Servers');
  await check(
    tally,
    'npm run servers:install installs what is missing',
    () => $({ cwd: root, timeout: '1200s' })`npm run --silent servers:install`,
  );
}

async function findSample(): Promise<boolean> {
  const failedBefore = tally.failed;
  await check(tally, 'the sample is here', async () => requireSample(running ?? root, 'Staging is tried'));
  return tally.failed === failedBefore;
}

async function playSuites(): Promise<void> {
  const wanted = wantedOf('suites', suites);
  if (wanted.length === 0) return;
  headline('Suites');
  const python = await preparePython(root);
  for (const [, run] of wanted) {
    const outcome = await run(python);
    show(outcome);
    tally.passed += outcome.passed;
    tally.failed += outcome.failed;
  }
}

async function playChapters(clone: string): Promise<void> {
  const stage = openStage(clone, tally);
  const workspace = openWorkspace(clone, 'staging');
  const memory = watchMemory(workspace);
  try {
    if (running !== undefined) await playOn(stage);
    else if (await bringUp(stage, workspace)) {
      await playOn(stage);
      await proveInteractions(stage);
    }
  } finally {
    if (running === undefined) await end(stage, workspace);
  }
  console.log(`\nAt most ${(memory.peak() / 1e9).toFixed(1)} GB of memory`);
}

async function playOn(stage: Stage): Promise<void> {
  for (const [, load] of wantedOf('chapters', chapters)) {
    const { chapter } = await load();
    headline(chapter.title);
    await chapter.run(stage);
  }
}

/** Whether there is a platform to play on. */
async function bringUp(stage: Stage, workspace: Workspace): Promise<boolean> {
  const failedBefore = tally.failed;
  headline('Staging');
  setPresent(workspace, new Date(Date.now() - STREAMED_DAYS * 86_400_000));
  await stage.check('mlops up --env staging starts every server and process, and deploys', async () =>
    stage.note(await stage.mlops('up', '--env', 'staging')),
  );
  if (tally.failed > failedBefore) return false;
  await stage.check('deploying again applies nothing to any tool', async () => {
    const printed = await stage.mlops('deploy', '--env', 'staging');
    const tools = printed.split('\n').filter((line) => line.includes('✓ Deploying to '));
    if (tools.length < 7 || tools.some((line) => !line.includes('nothing changed'))) throw new Error(printed);
  });
  headline(platform.title);
  await platform.run(stage);
  return tally.failed === failedBefore;
}

async function proveInteractions(stage: Stage): Promise<void> {
  const table = rows(tally.proofs);
  // Of a chapter that was not asked for nothing is expected.
  const isAsked = (chapter: string) => wantedOf('chapters', chapters).some(([name]) => name === chapter);
  const unasked = [...(isAsked('stream') ? [] : [14]), ...(isAsked('metrics') && isAsked('logs') ? [] : [9])];
  const unproven = table.filter(({ state, number }) => state === 'failed' && !unasked.includes(number));
  printInteractions(
    createProgress({ isTerminal: false, color: chalk.level > 0, out: (text) => void process.stdout.write(text) }),
    table,
  );
  await stage.check('every interaction of this environment is proven by what ran', async () => {
    if (unproven.length > 0) throw new Error(`not proven: ${unproven.map(({ number }) => number).join(', ')}`);
  });
}

async function end(stage: Stage, workspace: Workspace): Promise<void> {
  if (options['keep']) {
    console.log(`It goes on running in ${workspace.root}; there \`npm run down -- --env staging\` stops it.`);
    return;
  }
  await stage.check('mlops down ends every process', () => stage.mlops('down', '--env', 'staging'));
  // What failed can be looked at.
  if (tally.failed === 0) rmSync(dirname(workspace.root), { recursive: true, force: true });
  else console.log(`Logs: ${workspace.logs}`);
}
