/** A deploy ends wholly new or wholly old: also one that fails, or is killed and then ended. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { currentRelease } from '../../compiler/operate/releases.ts';
import { ours } from '../../compiler/operate/supervisor/ours.ts';
import { readRecord } from '../../compiler/operate/supervisor/run-state.ts';
import { stopPlatform } from '../../compiler/operate/supervisor/stop.ts';
import { openWorkspace, type Workspace } from '../../compiler/operate/workspace.ts';
import { deploy, rollback } from '../../compiler/release/deploy.ts';
import { attempts, ledgerFile, unfinished } from '../../compiler/release/ledger.ts';
import { mlops } from './cli.ts';
import { refusal } from './refusal.ts';
import { eventually, type Sandbox, withSandbox, writePlan } from './sandbox.ts';

const ROOT = `\${root}`;
const STATE = `\${state}`;

/**
 * Says what lies in its release; ends at once where that is `broken`, and where it is `slow`, answers only once the
 * state holds a file `go`.
 */
const reader = (port: number): string[] => [
  process.execPath,
  '-e',
  `const { existsSync, readFileSync } = require('node:fs'); const [root, state] = process.argv.slice(1);` +
    `const text = readFileSync(root + '/models/m/data.txt', 'utf8'); if (text === 'broken') process.exit(3);` +
    `require('node:http').createServer((_, answer) => { ` +
    `answer.statusCode = text === 'slow' && !existsSync(state + '/go') ? 500 : 200; answer.end(text) })` +
    `.listen(${port}, '127.0.0.1')`,
  ROOT,
  STATE,
];

function write({ checkout }: Workspace, text: string): void {
  mkdirSync(join(checkout, 'models/m'), { recursive: true });
  writeFileSync(join(checkout, 'models/m/data.txt'), text);
}

/** With one process that reads what is written, and one that reads nothing. */
const onPorts = (port: number, work: (sandbox: Sandbox) => Promise<void>) =>
  withSandbox({}, async (sandbox) => {
    writePlan(sandbox.workspace.checkout, {
      processes: [
        { name: 'reads', command: reader(port), port, reads: ['models/m'] },
        { name: 'other', command: [process.execPath, '-e', 'setInterval(() => {}, 1000)'] },
      ],
    });
    await work(sandbox);
  });

const answer = async (port: number) => await (await fetch(`http://127.0.0.1:${port}`)).text();
const other = ({ workspace }: Sandbox) =>
  readRecord(workspace)?.units.find(({ name }) => name === 'other')?.process?.pid ?? 0;
const outcomes = ({ workspace }: Sandbox) => attempts(workspace).map(({ action, ended }) => [action, ended?.outcome]);

/** Until it waits for the new process, when it is killed outright. */
async function killedDeploy({ workspace }: Sandbox): Promise<void> {
  const program = fileURLToPath(new URL('./deployer.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), program, workspace.checkout]);
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  await eventually('it waits for the process', () => /waiting for reads/.test(printed));
  child.kill('SIGKILL');
  await once(child, 'close');
}

test(
  'a deploy starts what does not run, a rollback brings back the release before, and the ledger has it all',
  onPorts(15393, async (sandbox) => {
    const { workspace, progress } = sandbox;
    write(workspace, 'one');
    const first = await deploy(workspace, progress);
    assert.is(await answer(15393), 'one');
    const running = other(sandbox);
    assert.is(await deploy(workspace, progress), first, 'the same content is the same release');
    assert.match(await refusal(rollback(workspace, progress, null)), /no release of 'local' before the current one/);
    write(workspace, 'two');
    const second = await deploy(workspace, progress);
    assert.is(await answer(15393), 'two');
    appendFileSync(ledgerFile(workspace), '{"event":"begun","id":9'); // as a full disk leaves it
    assert.is(await rollback(workspace, progress, null), first);
    assert.is(await answer(15393), 'one');
    assert.is(await rollback(workspace, progress, second.slice(0, 8)), second);
    assert.is(await answer(15393), 'two');
    assert.is(other(sandbox), running, 'what is the same in both is left alone');
    assert.match(await refusal(rollback(workspace, progress, 'null')), /Nothing ran on 'local' before/);
    assert.match(await refusal(rollback(workspace, progress, 'nonsense')), /keeps no release 'nonsense'/);
    assert.equal(outcomes(sandbox), [
      ['deploy', 'done'],
      ['deploy', 'done'],
      ['deploy', 'done'],
      ['rollback', 'done'],
      ['rollback', 'done'],
    ]);
    const listed = await mlops(sandbox, 'releases');
    assert.match(listed.printed, new RegExp(`^${second}  current .* rollback  done`));
    assert.is(listed.printed.split('\n').length, 7);
    const shown = await mlops(sandbox, 'releases', 'show', first.slice(0, 6));
    assert.match(shown.printed, /It differs from the current one in 1 file:\n {2}models\/m\/data\.txt/);
  }),
);

test(
  'a release that does not come up is taken back, and what ran before runs again',
  onPorts(15394, async (sandbox) => {
    const { workspace, progress } = sandbox;
    write(workspace, 'one');
    const first = await deploy(workspace, progress);
    write(workspace, 'broken');
    const message = await refusal(deploy(workspace, progress));
    assert.match(message, /reads ended while it was starting \(exit status 3\)/);
    assert.match(message, `'local' runs release ${first} again, as before.`);
    assert.is(await answer(15394), 'one');
    assert.is(currentRelease(workspace), first);
    assert.equal(outcomes(sandbox).at(-1), ['deploy', 'undone']);
    assert.is(unfinished(workspace), null);
    assert.match(await refusal(deploy(workspace, progress, { way: 'resume' })), /there is nothing to resume/);
  }),
);

test(
  'a deploy that was killed is ended first: --abort leads wholly back, --resume wholly on',
  onPorts(15398, async (sandbox) => {
    const { workspace, progress } = sandbox;
    write(workspace, 'one');
    const first = await deploy(workspace, progress);
    const running = other(sandbox);
    write(workspace, 'slow');
    await killedDeploy(sandbox);
    const second = unfinished(workspace)?.to ?? '';
    write(workspace, 'three');
    assert.match(await refusal(deploy(workspace, progress)), `--abort\` goes back to ${first}`);
    assert.is(await deploy(workspace, progress, { way: 'abort' }), first);
    assert.is(await answer(15398), 'one');
    write(workspace, 'slow');
    await killedDeploy(sandbox);
    writeFileSync(join(workspace.state, 'go'), '');
    assert.is(await deploy(workspace, progress, { way: 'resume' }), second);
    assert.is(await answer(15398), 'slow');
    assert.is(currentRelease(workspace), second);
    assert.is(other(sandbox), running);
    rmSync(join(workspace.state, 'go'));
  }),
);

test(
  'with MLOPS_HOME an environment belongs to no checkout: each new one deploys to what runs, and may go',
  withSandbox({}, async ({ workspace: { checkout: first }, progress }) => {
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'mlops-home-'));
    const checkouts = ['second', 'third'].map((name) => join(folder, name));
    const processes = [{ name: 'reads', command: reader(15396), port: 15396, reads: ['models/m'] }];
    process.env['MLOPS_HOME'] = join(folder, 'home');
    try {
      const opened = (root: string, text: string) => {
        if (root !== first) cpSync(join(first, 'runtime'), join(root, 'runtime'), { recursive: true });
        const workspace = openWorkspace(root, 'local');
        writePlan(root, { processes });
        write(workspace, text);
        return workspace;
      };
      const one = opened(first, 'one');
      await deploy(one, progress);
      assert.is(one.state, join(folder, 'home', 'local'));
      assert.is(realpathSync(join(first, '.mlops', 'local')), one.state);
      for (const [at, root] of checkouts.entries()) {
        const workspace = opened(root, `of ${at}`);
        await deploy(workspace, progress);
        assert.is(await answer(15396), `of ${at}`);
        rmSync(root, { recursive: true });
      }
      await rollback(one, progress, null);
      assert.is(await answer(15396), 'of 0');
      assert.ok((await stopPlatform(one)) > 0, 'what another checkout started is found from this one');
      assert.equal(ours(one), []);
    } finally {
      await stopPlatform(openWorkspace(first, 'local'));
      delete process.env['MLOPS_HOME'];
      rmSync(folder, { recursive: true, force: true });
    }
  }),
);

test.run();
