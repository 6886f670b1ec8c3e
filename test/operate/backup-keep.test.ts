/** Which backups stay: older ones leave once the newest can be relied on, and what a folder has can be listed. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { backUp } from '../../compiler/backup/backup.ts';
import { BOUNDARIES } from '../../compiler/backup/boundaries.ts';
import { cipherOf, opened } from '../../compiler/backup/cipher.ts';
import { lastBackup } from '../../compiler/backup/last.ts';
import { listBackups } from '../../compiler/backup/list.ts';
import { serialize } from '../../compiler/backup/manifest.ts';
import { restore } from '../../compiler/backup/restore.ts';
import { area, emptyCheckout, furnish, ids, removeAll, tree } from './backup-scene.ts';
import { mlops } from './cli.ts';
import { refusal } from './refusal.ts';
import { node, withSandbox } from './sandbox.ts';

const CUT = fileURLToPath(new URL('./cut.ts', import.meta.url));

const test = suite('backups that are kept');
const full = emptyCheckout();
const key = randomBytes(32);
const cipher = cipherOf(key);
/** Three backups each, of which every one has a file that the others have not. */
const plain = join(area, 'plain');
const locked = join(area, 'locked');
/** The state as the newest of them has it. */
let newest: Record<string, string>;

/** Backups that were made in one second have names that chance has put in order: each gets a time of its own. */
async function made(folder: string, day: number, under: typeof cipher | null): Promise<string> {
  const { id } = await backUp(full, folder, { cipher: under });
  const [name = ''] = ids(folder).filter((each) => each.startsWith(id));
  const at = `2026-01-0${day}T00:00:00.000Z`;
  const backups = join(folder, 'local/backups');
  const bytes = readFileSync(join(backups, name));
  const manifest = JSON.parse((under === null ? bytes : opened(bytes, under)).toString('utf8'));
  const again = serialize({ ...manifest, at }, under);
  writeFileSync(join(backups, again.id + name.slice(id.length)), again.content);
  unlinkSync(join(backups, name));
  return again.id;
}

const first: Record<string, string> = {};

test.before(async () => {
  furnish(full);
  for (const day of [1, 2, 3]) {
    writeFileSync(join(full.state, 'changing'), `as of day ${day}`);
    for (const [folder, under] of [
      [plain, null],
      [locked, cipher],
    ] as const) {
      const id = await made(folder, day, under);
      if (day === 1) first[folder] = id;
    }
  }
  writeFileSync(join(full.state, 'changing'), 'as of now');
  newest = tree(full);
});

test.after(removeAll);

const copyOf = (folder: string): string => {
  const copy = join(area, 'copy');
  rmSync(copy, { recursive: true, force: true });
  cpSync(folder, copy, { recursive: true });
  return copy;
};

const objects = (folder: string): string[] =>
  (readdirSync(join(folder, 'local/objects'), { recursive: true }) as string[]).filter((path) => path.length > 60);

for (const [kind, folder, under] of [
  ['plain', plain, null],
  ['encrypted', locked, cipher],
] as const)
  test(`of ${kind} ones the oldest leave, with what they alone have, and each that stays can be restored`, async () => {
    const kept = copyOf(folder);
    const before = objects(kept).length;
    const { id, older } = await backUp(full, kept, { cipher: under, keep: 2 });
    assert.is(older?.left.length, 2);
    assert.ok(older?.left.includes(first[folder] ?? ''));
    assert.equal(older?.stayed, []);
    assert.ok((older?.freedBytes ?? 0) > 0);
    assert.is(objects(kept).length, before - 1, 'two contents left, and one is new');
    assert.is(ids(kept).length, 2);
    for (const [name, said] of ids(kept).map((each) => [each, each.startsWith(id) ? 'now' : 'day 3'] as const)) {
      const empty = emptyCheckout();
      await restore(empty, join(kept, name.replace(/\.\w+$/, '')), { force: false, cipher: under });
      assert.is(readFileSync(join(empty.state, 'changing'), 'utf8'), `as of ${said}`);
    }
  });

test('without --keep all stay; one more than there are lets none leave', async () => {
  const kept = copyOf(plain);
  assert.is((await backUp(full, kept)).older, null);
  assert.is(ids(kept).length, 4);
  assert.equal((await backUp(full, kept, { keep: 5 })).older?.left, []);
});

test('where the new one cannot be relied on, none leaves, and a sentence says what is damaged', async () => {
  const kept = copyOf(locked);
  const [damaged = ''] = objects(kept).filter((path) => {
    const at = join(kept, 'local/objects', path);
    return readFileSync(at).length === readFileSync(join(full.state, 'secrets/key')).length + cipher.sizeOf(0);
  });
  const at = join(kept, 'local/objects', damaged);
  const bytes = readFileSync(at);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  writeFileSync(at, bytes);
  const said = await refusal(backUp(full, kept, { cipher, keep: 1 }));
  assert.match(
    said,
    /was made, and cannot be relied on: .* is damaged: .*No earlier one was removed\. Remove the damaged/s,
  );
  assert.ok(said.includes(damaged), said);
  assert.is(ids(kept).length, 4);
  unlinkSync(at);
  const again = await backUp(full, kept, { cipher, keep: 1 });
  assert.is(again.older?.left.length, 4, 'what was removed was copied again, so that the earlier ones are good, too');
  const empty = emptyCheckout();
  await restore(empty, kept, { force: false, cipher });
  assert.equal(tree(empty), newest);
});

test('what is damaged, not whole or under another key is not counted, and stays with all that it has', async () => {
  const kept = copyOf(locked);
  const other = await backUp(full, kept, { cipher: cipherOf(randomBytes(32)) });
  const [oldest = ''] = ids(kept).sort();
  appendFileSync(join(kept, 'local/backups', oldest), 'x');
  const before = objects(kept).length;
  const { older } = await backUp(full, kept, { cipher, keep: 1 });
  assert.equal(older?.stayed.sort(), [oldest.replace('.sealed', ''), other.id].sort());
  assert.is(older?.left.length, 2);
  assert.is(objects(kept).length, before + 1 - 2, 'what nobody can tell whose it is stays');
  assert.is(ids(kept).length, 3);
});

test('one that is killed at any place leaves whole backups, and the next one finds its rest', async () => {
  for (const boundary of BOUNDARIES.keep) {
    const kept = copyOf(plain);
    const args = ['--import', import.meta.resolve('tsx'), CUT, full.root, 'local', 'keep', kept, boundary, '1'];
    const { signal, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.is(signal, 'SIGKILL', stderr);
    assert.is(ids(kept).length, boundary === 'verified' ? 4 : 1, boundary);
    assert.ok(listBackups(kept, null).every(({ state }) => state === 'whole'));
    await backUp(full, kept, { keep: 1 });
    assert.is(ids(kept).length, 1);
    const manifest = JSON.parse(readFileSync(join(kept, 'local/backups', ids(kept)[0] ?? ''), 'utf8'));
    const named = new Set(manifest.files.map(({ sha256 }: { sha256: string }) => sha256));
    assert.is(objects(kept).length, named.size, 'nothing is left that no backup names');
  }
});

test('a list says when, of which environment, at which release, how large, whether encrypted and whole', () => {
  const folder = copyOf(locked);
  cpSync(join(plain, 'local'), join(folder, 'other'), { recursive: true });
  const found = listBackups(folder, cipher);
  assert.equal(
    found.map(({ environment, state }) => `${environment} ${state}`),
    [...Array(3).fill('local whole'), ...Array(3).fill('other damaged')],
  );
  assert.is(found[5]?.problem, "it is of 'local'");
  assert.equal(found[0], {
    environment: 'local',
    id: first[locked],
    at: '2026-01-01T00:00:00.000Z',
    encrypted: true,
    release: '0123456789ab',
    files: 6,
    bytes: found[0]?.bytes ?? null,
    state: 'whole',
    problem: null,
  });
  assert.ok((found[0]?.bytes ?? 0) > 0);
  for (const name of objects(folder)) unlinkSync(join(folder, 'local/objects', name));
  assert.is(listBackups(folder, cipher)[0]?.problem, '6 of its 6 files are missing or cut');
  for (const [given, problem] of [
    [null, /^$/],
    [cipherOf(randomBytes(32)), /was encrypted with another key$/],
  ] as const)
    for (const each of listBackups(folder, given).filter(({ encrypted }) => encrypted)) {
      assert.is(each.state, 'unread');
      assert.match(each.problem ?? '', problem);
    }
});

test('where the last one is stands in the state and in no backup, and a restore says it of its own', async () => {
  const kept = join(area, 'last');
  const { id, at } = await backUp(full, kept, { cipher });
  assert.equal(lastBackup(full), { id, at, folder: kept, encrypted: true });
  const empty = emptyCheckout();
  assert.is(lastBackup(empty), null);
  await restore(empty, kept, { force: false, cipher });
  assert.equal(lastBackup(empty), { id, at, folder: kept, encrypted: true });
  writeFileSync(join(empty.state, 'last-backup.json'), '{"id": "x", "at": "never"');
  assert.is(lastBackup(empty), null);
});

test(
  'the command says what left, lists what is there, and that there is none',
  withSandbox({ processes: [{ name: 'web', command: node('setInterval(() => {}, 1000)') }] }, async (sandbox) => {
    const { root, state } = sandbox.workspace;
    const folder = join(root, 'backups');
    assert.match((await mlops(sandbox, 'backup', 'list')).printed, /'local' was never backed up; `mlops backup --to/);
    for (const wrong of ['0', '-1', 'all', '1.5'])
      assert.is((await mlops(sandbox, 'backup', '--to', folder, `--keep=${wrong}`)).exit, 2, wrong);
    assert.not(existsSync(folder));
    await mlops(sandbox, 'up');
    await mlops(sandbox, 'down');
    await backUp(sandbox.workspace, folder);
    writeFileSync(join(state, 'mark'), 'more');
    const done = await mlops(sandbox, 'backup', '--to', folder, '--keep', '1');
    assert.match(done.printed, /It was read to its last byte; 1 older one removed, which freed \d/);
    const listed = await mlops(sandbox, 'backup', 'list');
    assert.is(listed.exit, 0, listed.printed);
    assert.match(
      listed.printed,
      /^\d{4}-\d\d-\d\d \d\d:\d\d {2}local +\d{8}T\d{6}Z-\w{16} +[0-9a-f]{12} .* plain +whole\n$/,
    );
    const [object = ''] = objects(folder);
    unlinkSync(join(folder, 'local/objects', object));
    const damaged = await mlops(sandbox, 'backup', 'list', folder);
    assert.is(damaged.exit, 1);
    assert.match(damaged.printed, /damaged: \d+ of its \d+ files are missing or cut\n$/);
  }),
);

test.run();
