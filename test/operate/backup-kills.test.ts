/** Backups and restores that are killed at any place. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { backUp } from '../../compiler/backup/backup.ts';
import { BOUNDARIES } from '../../compiler/backup/boundaries.ts';
import { restore } from '../../compiler/backup/restore.ts';
import { openWorkspace, type Workspace } from '../../compiler/operate/workspace.ts';
import { testPython } from '../../compiler/test/python-batch.ts';
import { area, emptyCheckout, furnish, ids, removeAll, tree } from './backup-scene.ts';
import { refusal } from './refusal.ts';

const CUT = fileURLToPath(new URL('./cut.ts', import.meta.url));

const test = suite('kills of backups');
const full = emptyCheckout();
const kept = join(area, 'kept');

function cut(workspace: Workspace, verb: 'backup' | 'restore', folder: string, boundary: string, times = 1): void {
  const args = [
    '--import',
    import.meta.resolve('tsx'),
    CUT,
    workspace.root,
    'local',
    verb,
    folder,
    boundary,
    String(times),
  ];
  const { signal, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.is(signal, 'SIGKILL', `${verb} never came to ${boundary}: ${stderr}`);
}

test.before(async () => {
  furnish(full);
  mkdirSync(join(full.state, 'warehouse'));
  for (let number = 0; number < 5; number++) writeFileSync(join(full.state, `warehouse/${number}.json`), `${number}`);
  const create = 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute("CREATE TABLE t (n INT)")';
  assert.is(spawnSync(testPython(), ['-c', create, join(full.state, 'online.db')]).status, 0);
  await backUp(full, kept);
});

test.after(removeAll);

test('a backup that was killed at any place is none, and the next one is whole', async () => {
  const work = emptyCheckout();
  await restore(work, kept, { force: false });
  for (const boundary of BOUNDARIES.backup) {
    const folder = join(area, 'cut');
    rmSync(folder, { recursive: true, force: true });
    cut(work, 'backup', folder, boundary, boundary === 'copied' ? 9 : 1);
    assert.is(ids(folder).length, boundary === 'ended' ? 1 : 0, boundary);
    if (boundary !== 'ended' && boundary !== 'locked') {
      const empty = emptyCheckout();
      assert.match(await refusal(restore(empty, folder, { force: false })), /holds no whole backup of 'local'/);
    }
    await backUp(work, folder);
    assert.not(existsSync(join(folder, 'local/draft')), 'nothing of the killed one is left');
    const empty = emptyCheckout();
    await restore(empty, folder, { force: false });
    assert.equal(tree(empty), tree(full), boundary);
  }
});

test('a restore that was killed at any place has changed nothing, or all', async () => {
  for (const boundary of BOUNDARIES.restore) {
    const work = emptyCheckout();
    mkdirSync(join(work.state, 'warehouse'), { recursive: true });
    writeFileSync(join(work.state, 'warehouse/old.json'), 'old');
    const old = tree(work);
    cut(work, 'restore', kept, boundary, boundary === 'filled' ? 7 : 1);
    const after = openWorkspace(work.root, 'local'); // as any command does
    const isNew = ['swapped', 'ended'].includes(boundary);
    assert.equal(tree(after), isNew ? tree(full) : old, boundary);
    const { before } = await restore(after, kept, { force: true });
    assert.equal(tree(after), tree(full), boundary);
    const found = readdirSync(dirname(work.state)).sort();
    assert.equal(found, ['.local.before-restore', 'local'], boundary);
    assert.is(before, join(dirname(work.state), '.local.before-restore'));
    if (!isNew) assert.is(readFileSync(join(String(before), 'warehouse/old.json'), 'utf8'), 'old');
  }
});

test.run();
