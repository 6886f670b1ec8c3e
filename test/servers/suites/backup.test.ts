/** Backups of an environment with servers, on the real PostgreSQL and Redis: what comes back is all of it. */
import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import { backUp } from '../../../compiler/backup/backup.ts';
import { cipherOf } from '../../../compiler/backup/cipher.ts';
import { restore } from '../../../compiler/backup/restore.ts';
import { ours } from '../../../compiler/operate/supervisor/ours.ts';
import { readPlan } from '../../../compiler/operate/supervisor/process-plan.ts';
import { stopPlatform } from '../../../compiler/operate/supervisor/stop.ts';
import { platformEnvironment } from '../../../compiler/operate/supervisor/units.ts';
import type { Workspace } from '../../../compiler/operate/workspace.ts';
import { liveContext } from '../../../compiler/release/context.ts';
import { testPython } from '../../../compiler/test/python-batch.ts';
import { live as postgres } from '../../../compiler/tools/postgres/live.ts';
import { checkout, moveToFreePorts, start, stopAndRemove } from '../../live/checkout.ts';
import { seen } from '../../live/contract.ts';
import { refusal } from '../../operate/refusal.ts';

const PROBE = fileURLToPath(new URL('../backup_probe.py', import.meta.url));
const CUT = fileURLToPath(new URL('../../operate/cut.ts', import.meta.url));
const SERVERS = ['postgres-cluster', 'databases', 'postgres', 'redis'];

const kept = mkdtempSync(join(realpathSync(tmpdir()), 'mlops-backups-'));
/** The same under a key. */
const locked = mkdtempSync(join(realpathSync(tmpdir()), 'mlops-backups-locked-'));
const cipher = cipherOf(randomBytes(32));
const full = checkout('staging', SERVERS);
const empty = checkout('staging', SERVERS);
let held: { databases: Record<string, Record<string, unknown[]>>; online: Record<string, unknown> };

function probe(verb: 'fill' | 'more' | 'tell', workspace: Workspace): typeof held {
  const env = { ...platformEnvironment(workspace), PYTHONPATH: join(workspace.root, 'runtime') };
  const { status, stdout, stderr } = spawnSync(testPython(), [PROBE, verb], { encoding: 'utf8', env });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}

const filesBelow = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[])
    .map((path) => join(folder, path))
    .filter((path) => lstatSync(path).isFile());

/** What stands beside the state: nothing, but what was there before. */
const beside = ({ state }: Workspace): string[] => readdirSync(dirname(state)).sort();

test.before(async () => {
  try {
    await moveToFreePorts(full);
    const generated = 'generated/staging';
    cpSync(join(full.root, generated), join(empty.root, generated), { recursive: true });
    await start(full);
    held = probe('fill', full);
  } catch (problem) {
    console.error(problem);
    throw problem;
  }
});

test.after(async () => {
  for (const workspace of [full, empty]) await stopAndRemove(workspace);
  for (const folder of [kept, locked]) rmSync(folder, { recursive: true, force: true });
});

test('a machine without data gets every table, view, comment, sequence, alias and online value back', async () => {
  await backUp(full, kept);
  const { withoutServers } = await backUp(full, locked, { cipher });
  assert.deepEqual(withoutServers.sort(), ['alertmanager', 'kafka', 'opensearch', 'prometheus', 'rsyslog']);
  assert.ok(Object.keys(held.online).length >= 400, 'online values were there');
  await stopPlatform(full);
  rmSync(empty.state, { recursive: true });
  assert.match(await refusal(restore(empty, locked, { force: false })), /is encrypted, and no key is named/);
  const { notes, before } = await restore(empty, locked, { force: false, cipher });
  assert.deepEqual([notes, before], [[], null]);
  assert.deepEqual(ours(empty), []);
  assert.deepEqual(beside(empty), ['staging']);
  assert.equal(existsSync(join(empty.state, 'dumps')), false);
  await start(empty);
  assert.deepEqual(probe('tell', empty), held);
});

test('under a key nothing of the servers can be read in the folder, and no copy stays in the state', () => {
  const named = (folder: string): string[] =>
    filesBelow(folder).filter((path) => readFileSync(path).includes('carrier_delays'));
  assert.ok(named(kept).length > 0, 'without one it can');
  assert.deepEqual(named(locked), []);
  assert.ok(filesBelow(locked).length >= filesBelow(kept).length);
  assert.equal(existsSync(join(full.state, 'dumps')), false);
});

test('roles, owners and rights are as they were compiled', async () => {
  const live = liveContext(empty, () => {});
  assert.deepEqual(await seen({ side: postgres, live }), []);
});

test('a second backup copies of the databases only what is new, also where nothing runs', async () => {
  const later = probe('more', empty);
  await stopPlatform(empty);
  for (const { copied } of [await backUp(empty, kept), await backUp(empty, locked, { cipher })])
    assert.ok(copied.objects > 0 && copied.objects < 40, `${copied.objects} were copied`);
  assert.deepEqual(ours(empty), []);
  await restore(full, kept, { force: true });
  await start(full);
  assert.deepEqual(probe('tell', full), later);
  await stopPlatform(full);
});

test('a restore that was killed while its servers ran has changed nothing, and the next one ends them', async () => {
  const before = readFileSync(join(full.state, 'warehouse/carrier_delays.json'), 'utf8');
  const first = join(kept, readdirSync(join(kept, 'staging/backups')).sort()[0]?.replace('.json', '') ?? '');
  const args = ['--import', import.meta.resolve('tsx'), CUT, full.root, 'staging', 'restore', first, 'served', '1'];
  assert.equal(spawnSync(process.execPath, args, { stdio: 'ignore' }).signal, 'SIGKILL');
  assert.equal(readFileSync(join(full.state, 'warehouse/carrier_delays.json'), 'utf8'), before);
  await restore(full, first, { force: true });
  assert.notEqual(readFileSync(join(full.state, 'warehouse/carrier_delays.json'), 'utf8'), before);
  assert.deepEqual(ours(full), []);
});

test('where a port is taken, a sentence says by whom, and nothing has changed', async () => {
  const port = readPlan(full).processes.find(({ name }) => name === 'postgres')?.port ?? 0;
  const taken = createServer().listen(port, '127.0.0.1');
  try {
    assert.match(
      await refusal(restore(full, kept, { force: true })),
      new RegExp(`^Port ${port}, which postgres needs`),
    );
  } finally {
    taken.close();
  }
  assert.deepEqual(beside(full), ['.staging.before-restore', 'staging']);
});

test.run();
