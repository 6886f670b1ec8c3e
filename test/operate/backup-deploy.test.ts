/** `mlops deploy --backup-to`: what was there before can be brought back, or nothing has changed. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { backUpLocked } from '../../compiler/backup/backup.ts';
import { lastBackup } from '../../compiler/backup/last.ts';
import { restore } from '../../compiler/backup/restore.ts';
import { backupIn } from '../../compiler/commands/deploy-backup.ts';
import { currentRelease, knownReleases } from '../../compiler/operate/releases.ts';
import { lockHolder } from '../../compiler/operate/supervisor/start-lock.ts';
import { stopPlatform } from '../../compiler/operate/supervisor/stop.ts';
import { deploy } from '../../compiler/release/deploy.ts';
import { attempts } from '../../compiler/release/ledger.ts';
import { ids } from './backup-scene.ts';
import { mlops } from './cli.ts';
import { refusal } from './refusal.ts';
import { node, type Sandbox, withSandbox } from './sandbox.ts';

const test = suite('deploys with a backup');
const plan = { processes: [{ name: 'web', command: node('setInterval(() => {}, 1000)'), reads: ['models'] }] };

function write({ workspace: { root } }: Sandbox, text: string): void {
  mkdirSync(join(root, 'models'), { recursive: true });
  writeFileSync(join(root, 'models/data.txt'), text);
}

test(
  'the backup has what was there before, stands in the ledger, and brings it back; a first deploy has none',
  withSandbox(plan, async (sandbox) => {
    const { workspace, progress } = sandbox;
    const folder = join(workspace.root, 'backups');
    let held = false;
    const backUp = async (checkout: typeof workspace) => {
      held = lockHolder(checkout)?.pid === process.pid;
      const { id } = await backUpLocked(checkout, folder);
      return { id, folder, encrypted: false };
    };
    write(sandbox, 'one');
    const first = await deploy(workspace, progress, { backUp });
    assert.match(sandbox.printed(), /Nothing was released to 'local' yet, so there is nothing to back up/);
    assert.is(attempts(workspace).at(-1)?.backup, undefined);
    writeFileSync(join(workspace.state, 'table'), 'before');
    write(sandbox, 'two');
    const second = await deploy(workspace, progress, { backUp });
    assert.ok(held, 'nobody else deploys meanwhile');
    const made = attempts(workspace).at(-1);
    assert.is(made?.to, second);
    assert.is(made?.backup?.id, lastBackup(workspace)?.id);
    const manifest = JSON.parse(readFileSync(join(folder, 'local/backups', ids(folder)[0] ?? ''), 'utf8'));
    assert.is(manifest.release, first);
    assert.not(
      manifest.folders.some(({ path }: { path: string }) => path === `releases/${second}`),
      'it was made before anything of the new release was there',
    );
    const shown = await mlops(sandbox, 'releases', 'show', second);
    assert.match(shown.printed, new RegExp(`\\n {2}backed up {6}${made?.backup?.id} in ${folder}\\n`));
    writeFileSync(join(workspace.state, 'table'), 'as the new release left it');
    await stopPlatform(workspace);
    // The sandbox is no compiled checkout: what a restore asks of one stands here.
    await restore(workspace, folder, { force: true });
    assert.is(currentRelease(workspace), first);
    assert.is(readFileSync(join(workspace.state, 'table'), 'utf8'), 'before');
  }),
);

test(
  'where the backup fails, nothing changes: no release is made, none is begun, and what runs goes on',
  withSandbox(plan, async (sandbox) => {
    const { workspace } = sandbox;
    write(sandbox, 'one');
    assert.is((await mlops(sandbox, 'up')).exit, 0);
    const [before, known] = [attempts(workspace), knownReleases(workspace)];
    write(sandbox, 'two');
    const file = join(workspace.root, 'no-folder');
    writeFileSync(file, '');
    const inside = join(workspace.state, 'backups');
    const key = join(workspace.root, 'key');
    writeFileSync(key, 'a'.repeat(64));
    chmodSync(key, 0o644);
    const options = { key: undefined, 'backup-to': undefined };
    for (const [given, said] of [
      [{ 'backup-to': file }, /no-folder is no folder/],
      [{ 'backup-to': inside }, /lies in the state that is to be backed up/],
      [{ 'backup-to': join(workspace.root, 'backups'), key }, /is open to other users/],
    ] as const) {
      const way = async () => backupIn({ ...options, ...given }, 'new', workspace);
      const deployed = way().then((backUp) => deploy(workspace, sandbox.progress, { backUp }));
      assert.match(await refusal(deployed), said);
    }
    const unfit = (given: object, way: 'new' | 'resume') => () => backupIn({ ...options, ...given }, way, workspace);
    assert.throws(unfit({ key }, 'new'), /--key goes with --backup-to FOLDER/);
    assert.throws(unfit({ 'backup-to': file }, 'resume'), /--resume ends what was begun, half of it by now/);
    const by = await mlops(sandbox, 'deploy', '--backup-to', file, '--via', 'jenkins');
    assert.is(by.exit, 2);
    assert.match(by.printed, /--via jenkins deploys where its agent is: leave --backup-to out/);
    const failing = async () => {
      throw new Error('the disk is gone');
    };
    await deploy(workspace, sandbox.progress, { backUp: failing }).then(
      () => assert.unreachable('it went on'),
      (problem: Error) => assert.is(problem.message, 'the disk is gone'),
    );
    assert.equal([attempts(workspace), knownReleases(workspace)], [before, known]);
    assert.is(lockHolder(workspace), null);
    assert.not(existsSync(join(workspace.root, 'backups')));
    assert.is((await mlops(sandbox, 'status')).exit, 0, 'what runs goes on');
    rmSync(file);
  }),
);

test(
  'the command makes it under a key, and says so',
  withSandbox(plan, async (sandbox) => {
    const { workspace } = sandbox;
    const folder = join(workspace.root, 'backups');
    const key = join(workspace.root, 'key');
    writeFileSync(key, 'a'.repeat(64), { mode: 0o600 });
    write(sandbox, 'one');
    await mlops(sandbox, 'up');
    write(sandbox, 'two');
    const backUp = backupIn({ 'backup-to': folder, key }, 'new', workspace);
    const release = await deploy(workspace, sandbox.progress, { backUp });
    assert.match(sandbox.printed(), /Backup +.*\d{8}T\d{6}Z-[0-9a-f]{16}, encrypted/);
    assert.match(ids(folder)[0] ?? '', /\.sealed$/);
    assert.match((await mlops(sandbox, 'releases', 'show', release)).printed, /backed up .* in .*backups, encrypted\n/);
    assert.match(await refusal(restore(workspace, folder, { force: true })), /'local' is running|is encrypted/);
  }),
);

test.run();
