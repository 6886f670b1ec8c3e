/**
 * `npm run test:first-day`: docs/tutorial.md as it is written, from the packed files, in a folder where no checkout is:
 * `init`, `new`, `npm test`, `up`, a served prediction, a mistake found, a model promoted and rolled back, `down`. Each
 * block of commands is a check; a file is edited as its diff says, and output is what is shown. Then, in a second
 * repository beside it that chooses its own ports, `init --example`, and what its README says of the example.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { $ } from 'zx';
import { buildPackage } from './packaging/package.ts';
import { countedIn } from './testing/steps.ts';
import { type Block, blocksOf, changed, isShown } from './tutorial.ts';

const LONGEST = 900_000;
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'mlops-first-day-'));
const tally = { passed: 0, failed: 0 };
const check = countedIn(tally);
/** What the reader's shell remembers from one block to the next. */
const shell = { cwd: folder, output: '' };
const figures: string[] = [];

try {
  await check('The package', async () => {
    await buildPackage(root, join(folder, 'dist'));
    await $({ quiet: true })`npm pack ${join(folder, 'dist')} --pack-destination ${folder}`;
    rmSync(join(folder, 'dist'), { recursive: true });
  });
  await timed('the tutorial', async () => {
    for (const block of blocksOf(readFileSync(join(root, 'docs/tutorial.md'), 'utf8')))
      await check(`line ${block.line}: ${titleOf(block)}`, () => play(block));
  });
  await timed('init --example, until it predicts', example);
} catch {
  // It was told, and what would have followed would only fail too.
} finally {
  for (const name of ['shop', 'couriers'])
    if (existsSync(join(folder, name, 'node_modules'))) run('npm run --silent down', join(folder, name));
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
for (const figure of figures) console.log(`  figure: ${figure}`);
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed > 0 ? 1 : 0;

async function timed(title: string, work: () => Promise<void>): Promise<void> {
  const begun = Date.now();
  await work();
  figures.push(`${title} takes ${((Date.now() - begun) / 1000).toFixed(0)} s`);
}

/** The commands of the README that the new repository has; its last one asks an address that `status` shows. */
async function example(): Promise<void> {
  shell.cwd = folder;
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
  await check('init --example', () => {
    command(`npx --yes --package ${tarball} mlops init couriers --example --compiler file:${tarball}`, false);
    shell.cwd = join(folder, 'couriers');
    command('npm install --no-audit --no-fund', false);
  });
  const [written] = blocksOf(readFileSync(join(shell.cwd, 'README.md'), 'utf8'));
  if (!written) throw new Error('the README of a new repository shows no commands');
  const lines = written.text.replaceAll('\\\n', ' ').split('\n');
  const predict = lines.pop() ?? '';
  // A model that has no champion yet is not healthy.
  for (const line of lines) await check(line, () => command(line, /status/.test(line) ? null : false));
  const served = /^.*serving-delivery_time.*$/m.exec(shell.output)?.[0] ?? '';
  const [address = 'no address'] = /http:\/\/[\w.:]+/.exec(served) ?? [];
  await check(predict, async () => {
    for (let look = 0; look < 300; look += 1) {
      command(predict.replace('ADDRESS', address), null);
      if (/"predictions":\[\d/.test(shell.output)) return;
      await sleep(1000);
    }
    throw new Error(shell.output);
  });
}

function titleOf({ language, about, text }: Block): string {
  if (language === 'diff') return `${about} is edited`;
  return language === 'text' ? 'what is shown' : (text.split('\n').at(-1) ?? '').trim().slice(0, 80);
}

function play({ language, about, text }: Block): void {
  if (language === 'diff') {
    const path = join(shell.cwd, about);
    writeFileSync(path, changed(readFileSync(path, 'utf8'), text));
  } else if (language === 'sh') command(text, about === 'fails');
  else if (language === 'text' && !isShown(shell.output, text))
    throw new Error(`shown is\n${text}\nand printed was\n${shell.output}`);
}

/** `fails`: null where both are right: a status of what is not ready yet, an API that does not know yet. */
function command(text: string, fails: boolean | null): void {
  const { status, output } = run(`${text}\npwd >${join(folder, 'cwd')}`, shell.cwd);
  shell.output = output;
  if (fails !== null && (status !== 0) !== fails) throw new Error(`it ended with ${status}:\n${output}`);
  if (status === 0) shell.cwd = readFileSync(join(folder, 'cwd'), 'utf8').trim();
}

function run(script: string, cwd: string): { status: number | null; output: string } {
  // What outlives the command (`up`) must hold no pipe of ours, so output goes to a file.
  const into = join(folder, 'output');
  const { status } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', `exec >${into} 2>&1\n${script}`], {
    cwd,
    timeout: LONGEST,
    stdio: 'ignore',
    env: { ...process.env, NO_COLOR: '1', npm_config_prefer_offline: 'true' },
  });
  return { status, output: readFileSync(into, 'utf8') };
}
