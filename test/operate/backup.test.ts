/** Backups of embedded stores that the real tools have filled: what comes back is all of it, or nothing changes. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { backUp } from '../../compiler/backup/backup.ts';
import { serialize } from '../../compiler/backup/manifest.ts';
import { restore } from '../../compiler/backup/restore.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';
import { testPython } from '../../compiler/test/python-batch.ts';
import { area, emptyCheckout, furnish, ids, removeAll, tree } from './backup-scene.ts';
import { mlops } from './cli.ts';
import { refusal } from './refusal.ts';
import { node, withSandbox } from './sandbox.ts';

const PROBE = fileURLToPath(new URL('./backup_probe.py', import.meta.url));

const test = suite('backup');
/** A state that is full, and what it holds. */
let full: Workspace;
let held: unknown;
/** A backup of it. */
const kept = join(area, 'kept');
let keptId = '';

function probe(verb: 'fill' | 'more' | 'tell', { root }: Workspace): unknown {
  const { status, stdout, stderr } = spawnSync(testPython(), [PROBE, verb, root], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}

const copyOfKept = (name: string): string => {
  const folder = join(area, name);
  rmSync(folder, { recursive: true, force: true });
  cpSync(kept, folder, { recursive: true });
  return folder;
};
const filesBelow = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).map((path) => join(folder, path));

/** A hook that throws before the first test is told by nobody else. */
function loudly<T>(work: () => T): T {
  try {
    return work();
  } catch (problem) {
    console.error(problem);
    throw problem;
  }
}

test.before(async () => {
  full = emptyCheckout();
  mkdirSync(full.state, { recursive: true });
  held = loudly(() => probe('fill', full));
  furnish(full);
  keptId = (await backUp(full, kept)).id;
});

test.after(removeAll);

test('an empty machine gets every table, model, alias, secret and release back, with modes', async () => {
  const empty = emptyCheckout();
  const restored = await restore(empty, kept, { force: false });
  assert.is(restored.id, keptId);
  assert.is(restored.release, '0123456789ab');
  assert.is(restored.before, null);
  assert.equal(tree(empty), tree(full));
  assert.equal(probe('tell', empty), held);
  assert.not(existsSync(join(empty.state, 'logs')), 'logs are made again');
  assert.is(lstatSync(empty.state).mode & 0o777, 0o700);
  for (const path of filesBelow(kept)) assert.is(lstatSync(path).mode & 0o077, 0, `${path} is readable for others`);
});

test('a second backup copies only what is new, and both can be restored, the newest by default', async () => {
  const folder = copyOfKept('second');
  const [work, empty] = [emptyCheckout(), emptyCheckout()];
  await restore(work, folder, { force: false });
  assert.is((await backUp(work, folder)).copied.objects, 0, 'nothing has changed');
  const later = probe('more', work);
  const second = await backUp(work, folder);
  // Each of two tables: its record, its rows and what pins or locks none; each of two models; MLflow's database.
  assert.ok(second.copied.objects > 0 && second.copied.objects <= 8, `${second.copied.objects} were copied`);
  await restore(empty, folder, { force: false });
  assert.equal(probe('tell', empty), later);
  await restore(empty, join(folder, keptId), { force: true });
  assert.equal(tree(empty), tree(full));
});

test('a database that is being written to is copied as of one moment', async () => {
  const [work, empty] = [emptyCheckout(), emptyCheckout()];
  await restore(work, kept, { force: false });
  const writer: ChildProcess = spawn(
    testPython(),
    [
      '-c',
      `import sqlite3, sys
opened = sqlite3.connect(sys.argv[1], timeout=60)
opened.execute("CREATE TABLE left_side (n INT)"); opened.execute("CREATE TABLE right_side (n INT)"); opened.commit()
n = 0
while True:
    n += 1
    opened.execute("INSERT INTO left_side VALUES (?)", (n,)); opened.execute("INSERT INTO right_side VALUES (?)", (n,))
    opened.commit()
    if n == 20: print("writing", flush=True)`,
      join(work.state, 'feast/online.db'),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    await new Promise((resolve) => writer.stdout?.once('data', resolve));
    await backUp(work, join(area, 'live'));
  } finally {
    writer.kill('SIGKILL');
  }
  await restore(empty, join(area, 'live'), { force: false });
  const count = (state: string) =>
    spawnSync(testPython(), [
      '-c',
      'import sqlite3, sys; o = sqlite3.connect(sys.argv[1]); print(*[o.execute(f"SELECT count(*), max(n) FROM {t}")' +
        '.fetchone() for t in ("left_side", "right_side")], o.execute("PRAGMA integrity_check").fetchone()[0])',
      join(state, 'feast/online.db'),
    ]).stdout.toString();
  const [, rows = '', newest] = /^\((\d+), (\d+)\) \(\1, \2\) ok/.exec(count(empty.state)) ?? [];
  assert.ok(Number(rows) >= 20 && rows === newest, count(empty.state));
});

const object = (folder: string): string => {
  const manifest = JSON.parse(readFileSync(join(folder, 'local/backups', `${keptId}.json`), 'utf8'));
  const { sha256 } = manifest.files.find(({ path }: { path: string }) => path.endsWith('model.skops'));
  return join(folder, 'local/objects', sha256.slice(0, 2), sha256);
};

function flip(path: string): void {
  const bytes = readFileSync(path);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

const outside = join(area, 'outside');

const DAMAGES: [string, (folder: string) => void, RegExp][] = [
  ['a byte of a file', (folder) => flip(object(folder)), /is damaged: its bytes are not those of its name/],
  ['a file that was cut', (folder) => truncateSync(object(folder), 5), /is not whole: 1 of its \d+ files are missing/],
  ['a file that is missing', (folder) => unlinkSync(object(folder)), /is not whole: 1 of its/],
  [
    'a link in the place of a file',
    (folder) => {
      renameSync(object(folder), outside);
      symlinkSync(outside, object(folder));
    },
    /is not whole: 1 of its/,
  ],
  [
    'a link in the place of a folder of files',
    (folder) => {
      rmSync(outside, { recursive: true, force: true });
      renameSync(dirname(object(folder)), outside);
      symlinkSync(outside, dirname(object(folder)));
    },
    /is not whole: \d+ of its/,
  ],
  [
    'a byte of the manifest',
    (folder) => flip(join(folder, 'local/backups', `${keptId}.json`)),
    /is damaged: its bytes are not those of its name/,
  ],
  [
    'a manifest that was cut',
    (folder) => truncateSync(join(folder, 'local/backups', `${keptId}.json`), 100),
    /is damaged: its bytes/,
  ],
  [
    'a manifest that is missing',
    (folder) => unlinkSync(join(folder, 'local/backups', `${keptId}.json`)),
    /holds no whole backup of 'local'/,
  ],
];

for (const [name, damage, said] of DAMAGES)
  test(`${name} is said, and nothing is restored`, async () => {
    const folder = copyOfKept('damaged');
    rmSync(outside, { recursive: true, force: true });
    damage(folder);
    const work = emptyCheckout();
    mkdirSync(join(work.state, 'warehouse'), { recursive: true });
    writeFileSync(join(work.state, 'warehouse/old.json'), 'old');
    const old = tree(work);
    assert.match(await refusal(restore(work, folder, { force: true })), said);
    assert.equal(tree(work), old);
    assert.equal(readdirSync(dirname(work.state)), ['local'], 'nothing is left beside it');
  });

test('a manifest that somebody made up writes nowhere but into the state', async () => {
  const folder = copyOfKept('made-up');
  const manifest = JSON.parse(readFileSync(join(folder, 'local/backups', `${keptId}.json`), 'utf8'));
  const [file] = manifest.files;
  const above = [{ path: 'trap', mode: 0o755 }];
  const wrong: object[] = [
    { files: [{ ...file, path: '../stolen' }] },
    { files: [{ ...file, path: '/tmp/stolen' }] },
    { files: [{ ...file, path: 'a/../../stolen' }] },
    { files: [{ ...file, path: 'x\0y' }] },
    { links: [{ path: 'way', target: '../..' }] },
    { links: [{ path: 'way', target: '/etc' }] },
    { folders: above, links: [{ path: 'trap', target: 'elsewhere' }] },
    { folders: [], links: [{ path: 'way', target: 'releases' }], files: [{ ...file, path: 'way/stolen' }] },
  ];
  for (const change of wrong) {
    for (const each of ids(folder)) unlinkSync(join(folder, 'local/backups', each));
    const { id, content } = serialize({ ...manifest, folders: [], files: [], links: [], ...change }, null);
    writeFileSync(join(folder, 'local/backups', `${id}.json`), content);
    const empty = emptyCheckout();
    const said = await refusal(restore(empty, folder, { force: false }));
    assert.match(said, /which is no place inside an environment's state/, JSON.stringify(change));
    assert.not(readdirSync(empty.root).includes('stolen'));
  }
});

test('a link that leads out of the state is named, and not followed', async () => {
  const [work, empty] = [emptyCheckout(), emptyCheckout()];
  await restore(work, kept, { force: false });
  const precious = join(area, 'precious');
  mkdirSync(precious, { recursive: true });
  writeFileSync(join(precious, 'x'), 'precious');
  symlinkSync(precious, join(work.state, 'warehouse/elsewhere'));
  symlinkSync('../../../..', join(work.state, 'warehouse/up'));
  const { leftOut } = await backUp(work, join(area, 'linked'));
  assert.equal(leftOut, ['warehouse/elsewhere', 'warehouse/up']);
  const restored = await restore(empty, join(area, 'linked'), { force: false });
  assert.equal(restored.leftOut, leftOut);
  assert.not(existsSync(join(empty.state, 'warehouse/elsewhere')));
});

test('a damaged database makes no backup, and the earlier ones stay', async () => {
  const folder = copyOfKept('with-damage');
  const work = emptyCheckout();
  await restore(work, kept, { force: false });
  truncateSync(join(work.state, 'airflow/airflow.db'), 8192);
  assert.match(
    await refusal(backUp(work, folder)),
    /airflow\.db is damaged or cannot be read: .*\n?.*No backup was made/s,
  );
  assert.equal(ids(folder), [`${keptId}.json`]);
});

test(
  'what is running is backed up, and not restored under; data is replaced only with --force',
  withSandbox({ processes: [{ name: 'web', command: node('setInterval(() => {}, 1000)') }] }, async (sandbox) => {
    const { root, state } = sandbox.workspace;
    const folder = join(root, 'backups');
    assert.is((await mlops(sandbox, 'backup')).exit, 2);
    assert.match((await mlops(sandbox, 'backup', '--to', folder)).printed, /has no state in .*mlops up --env local/s);
    await mlops(sandbox, 'up');
    writeFileSync(join(state, 'mark'), 'before');
    const inside = await mlops(sandbox, 'backup', '--to', join(state, 'backups'));
    assert.match(inside.printed, /lies in the state that is to be backed up/);
    const done = await mlops(sandbox, 'backup', '--to', folder);
    assert.is(done.exit, 0, done.printed);
    assert.match(done.printed, /Backup \d{8}T\d{6}Z-[0-9a-f]{16} of 'local': \d+ files/);
    assert.is((await mlops(sandbox, 'status')).exit, 0, 'what runs goes on');
    const under = await mlops(sandbox, 'restore', '--from', folder, '--force');
    assert.is(under.exit, 2, under.printed);
    assert.match(under.printed, /'local' is running.*mlops down --env local/s);
    await mlops(sandbox, 'down');
    appendFileSync(join(state, 'mark'), ' and after');
    const without = await mlops(sandbox, 'restore', '--from', folder);
    assert.is(without.exit, 2);
    assert.match(without.printed, /has data in .* already\. Nothing was changed\. --force/);
    assert.is(readFileSync(join(state, 'mark'), 'utf8'), 'before and after');
    const forced = await mlops(sandbox, 'restore', '--from', folder, '--force');
    assert.is(forced.exit, 0, forced.printed);
    assert.is(readFileSync(join(state, 'mark'), 'utf8'), 'before');
    assert.match(forced.printed, /What was there before is kept in .*\.local\.before-restore/);
    assert.is((await mlops(sandbox, 'up')).exit, 0, 'it starts as it was');
    assert.match(
      (await mlops(sandbox, 'restore', '--from', join(root, 'nowhere'))).printed,
      /holds no backup of 'local'/,
    );
  }),
);

test.run();
