/**
 * `npm run test:servers`: the generated `staging` on the real servers, end to end, in a fresh clone of HEAD. The last
 * line counts what really ran.
 *
 *   npm run test:servers                    every chapter
 *   npm run test:servers -- stream logs     the platform, then only the chapters whose file is named
 *   npm run test:servers -- --keep          leaves it running, and says where
 *   npm run test:servers -- --on DIR logs   plays chapters on what was left running there
 */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { $, chalk, minimist } from 'zx';
import { createProgress } from '../compiler/operate/progress.ts';
import { openWorkspace } from '../compiler/operate/workspace.ts';
import { freshClone, openStage, STREAMED_DAYS, setPresent, type Tally } from '../test/servers/harness.ts';
import { chapter as platform, rows } from '../test/servers/platform.ts';
import type { Chapter } from '../test/servers/stage.ts';
import { watchMemory } from './demo/memory-watch.ts';
import { printInteractions } from './demo/report.ts';

$.verbose = false;
$.quiet = true;

const root = join(import.meta.dirname, '..');
const options = minimist(process.argv.slice(2), { boolean: ['keep'], string: ['on'] });
const wanted = options._.map(String);

/** In this order: the stream brings the data up to the present, on which the later chapters build. */
const chapters: Record<string, () => Promise<{ chapter: Chapter }>> = {
  stream: () => import('../test/servers/stream.ts'),
  stores: () => import('../test/servers/stores.ts'),
  metrics: () => import('../test/servers/metrics.ts'),
  // Before the chapters that send the same few flights thousands of times, which is drift indeed.
  monitors: () => import('../test/servers/monitors.ts'),
  logs: () => import('../test/servers/logs.ts'),
  serving: () => import('../test/servers/serving.ts'),
  faults: () => import('../test/servers/faults.ts'),
  images: () => import('../test/servers/images.ts'),
};

const tally: Tally = { passed: 0, failed: 0, proofs: new Map() };
const begun = Date.now();
const running: string | undefined = options['on'];
const clone = running ?? (await freshClone(root));
const stage = openStage(clone, tally);
const workspace = openWorkspace(clone, 'staging');
const memory = watchMemory(workspace);

const headline = (title: string): void =>
  console.log(chalk.bold(`\n${title} ${chalk.dim(`(${((Date.now() - begun) / 1000).toFixed(0)} s)`)}`));

async function play(): Promise<void> {
  if (running === undefined) await bringUp();
  if (tally.failed > 0) return;
  for (const [name, load] of Object.entries(chapters)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const { chapter } = await load();
    headline(chapter.title);
    await chapter.run(stage);
  }
}

async function bringUp(): Promise<void> {
  headline('Servers');
  await stage.check(
    'npm run servers:install installs what is missing',
    () => $({ cwd: clone, timeout: '1200s' })`npm run --silent servers:install`,
  );
  setPresent(workspace, new Date(Date.now() - STREAMED_DAYS * 86_400_000));
  await stage.check('mlops up --env staging starts every server and process, and deploys', async () =>
    stage.note(await stage.mlops('up', '--env', 'staging')),
  );
  await stage.check('deploying again changes nothing', () => stage.mlops('deploy', '--env', 'staging'));
  if (tally.failed > 0) return;
  headline(platform.title);
  await platform.run(stage);
}

try {
  await play();
  if (running === undefined) await proveInteractions();
} finally {
  if (running === undefined) await end();
}
console.log(
  `\n${((Date.now() - begun) / 60_000).toFixed(1)} minutes, at most ${(memory.peak() / 1e9).toFixed(1)} GB of memory`,
);
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;

async function proveInteractions(): Promise<void> {
  const table = rows(tally.proofs);
  // Of a chapter that was not asked for nothing is expected.
  const isAsked = (chapter: string) => wanted.length === 0 || wanted.includes(chapter);
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

async function end(): Promise<void> {
  if (options['keep']) {
    console.log(`It goes on running in ${clone}; there \`npm run down -- --env staging\` stops it.`);
    return;
  }
  await stage.check('mlops down ends every process', () => stage.mlops('down', '--env', 'staging'));
  // What failed can be looked at.
  if (tally.failed === 0) rmSync(dirname(clone), { recursive: true, force: true });
  else console.log(`Logs: ${workspace.logs}`);
}
