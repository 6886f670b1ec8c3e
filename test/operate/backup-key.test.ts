/** Backups under the operator's key: they come back by that key alone, and whoever has none learns nothing. */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { backUp } from '../../compiler/backup/backup.ts';
import { BOUNDARIES } from '../../compiler/backup/boundaries.ts';
import { cipherOf, FRAME, HEADER_BYTES, opened, SEALED_FRAME, sealed } from '../../compiler/backup/cipher.ts';
import { type Manifest, serialize } from '../../compiler/backup/manifest.ts';
import { restore } from '../../compiler/backup/restore.ts';
import { testPython } from '../../compiler/test/python-batch.ts';
import { area, emptyCheckout, furnish, ids, removeAll, tree } from './backup-scene.ts';
import { refusal } from './refusal.ts';

const CUT = fileURLToPath(new URL('./cut.ts', import.meta.url));

const test = suite('keys of backups');
const full = emptyCheckout();
const kept = join(area, 'kept');
const key = randomBytes(32);
const cipher = cipherOf(key);
/** At the seams of frames, and one that has several. */
const SIZES = [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME + 5];
const file = (name: string): string => join(full.state, 'warehouse', name);

test.before(async () => {
  furnish(full);
  mkdirSync(join(full.state, 'warehouse'));
  for (const size of SIZES) writeFileSync(file(String(size)), randomBytes(size));
  const create = 'import sqlite3, sys; o = sqlite3.connect(sys.argv[1]); o.execute("CREATE TABLE a_table_of_it (n)")';
  assert.is(spawnSync(testPython(), ['-c', create, join(full.state, 'online.db')]).status, 0);
  await backUp(full, kept, { cipher });
});

test.after(removeAll);

const filesBelow = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[])
    .map((path) => join(folder, path))
    .filter((path) => lstatSync(path).isFile());

const copyOfKept = (): string => {
  const folder = join(area, 'copy');
  rmSync(folder, { recursive: true, force: true });
  cpSync(kept, folder, { recursive: true });
  return folder;
};

/** Where the content of that size is kept. */
const objectOf = (folder: string, size: number): string => {
  const name = cipher.nameOf(
    createHash('sha256')
      .update(readFileSync(file(String(size))))
      .digest('hex'),
  );
  return join(folder, 'local/objects', name.slice(0, 2), name);
};

test('everything comes back by the key, whatever its size', async () => {
  const empty = emptyCheckout();
  await restore(empty, kept, { force: false, cipher });
  assert.equal(tree(empty), tree(full));
});

const HIDDEN = ['a secret', 'warehouse', 'ledger.jsonl', 'a_table_of_it', key.toString('hex'), key.toString('base64')];

/** What of the state or of the key can be read there, and where. */
function readable(folder: string): string[] {
  const digests = filesBelow(full.state).map((path) => createHash('sha256').update(readFileSync(path)).digest('hex'));
  const hidden = [key, ...[...HIDDEN, ...digests].map((text) => Buffer.from(text))];
  return filesBelow(folder).flatMap((path) => {
    const stored = readFileSync(path);
    return hidden
      .filter((text) => stored.includes(text) || path.includes(String(text)))
      .map((text) => `${path}: ${text}`);
  });
}

test('no content, no path, no digest of a content and no part of the key can be read in it', async () => {
  assert.ok(filesBelow(kept).length > SIZES.length);
  assert.equal(readable(kept), []);
  assert.not(existsSync(join(full.state, 'dumps')), 'nor do copies stay in the state');
  const plain = join(area, 'readable');
  await backUp(full, plain);
  assert.ok(readable(plain).length > HIDDEN.length, 'without a key it can be');
});

test('nor in what one leaves that was killed at any place; the next, of any kind, removes it', async () => {
  for (const boundary of BOUNDARIES.backup) {
    const folder = join(area, 'cut');
    rmSync(folder, { recursive: true, force: true });
    const args = ['--import', import.meta.resolve('tsx'), CUT, full.root, 'local', 'backup', folder, boundary];
    const env = { ...process.env, MLOPS_BACKUP_KEY: key.toString('hex') };
    const { signal, stderr } = spawnSync(process.execPath, [...args, boundary === 'copied' ? '9' : '1'], { env });
    assert.is(signal, 'SIGKILL', String(stderr));
    assert.equal(existsSync(folder) ? readable(folder) : [], [], boundary);
    assert.is(ids(folder).length, boundary === 'ended' ? 1 : 0, boundary);
    await backUp(full, join(area, 'elsewhere'));
    assert.not(existsSync(join(full.state, 'dumps')), boundary);
  }
});

test('nor does one that fails leave copies', async () => {
  const work = emptyCheckout();
  await restore(work, kept, { force: false, cipher });
  truncateSync(join(work.state, 'online.db'), 4100);
  assert.match(await refusal(backUp(work, join(area, 'failing'), { cipher })), /online\.db is damaged/);
  assert.not(existsSync(join(work.state, 'dumps')));
});

test('no two files share a salt, and so no two frames a key and a nonce', () => {
  const salts = filesBelow(kept).map((path) => readFileSync(path).subarray(HEADER_BYTES - 32, HEADER_BYTES));
  assert.is(new Set(salts.map(String)).size, salts.length);
  const [one, other] = [cipher.seal(), cipher.seal()];
  const same = Buffer.from('the same');
  const frames = [one, other].flatMap((sealing) => [sealing.frame(same, false), sealing.frame(same, false)]);
  assert.is(new Set([one.header, other.header, ...frames].map(String)).size, 6);
});

test('a second backup under the same key copies nothing; under another everything', async () => {
  const folder = copyOfKept();
  assert.is((await backUp(full, folder, { cipher })).copied.objects, 0);
  assert.ok((await backUp(full, folder, { cipher: cipherOf(randomBytes(32)) })).copied.objects > SIZES.length);
});

test('without a key, with another, and with one for what is plain: a sentence each', async () => {
  const plain = join(area, 'plain');
  await backUp(full, plain);
  const other = cipherOf(randomBytes(32));
  const said = (folder: string, given: typeof cipher | null) =>
    refusal(restore(emptyCheckout(), folder, { force: false, cipher: given }));
  assert.match(await said(kept, null), /is encrypted, and no key is named \(--key\)\. Nothing was changed/);
  assert.match(await said(kept, other), /was encrypted with another key\. Nothing was changed/);
  assert.match(await said(plain, cipher), /is not encrypted, and a key is named: whoever can write there may have/);
});

test('where backups are encrypted, a key that was forgotten makes none; earlier ones without are counted', async () => {
  const folder = copyOfKept();
  const before = filesBelow(folder).length;
  const said = await refusal(backUp(full, folder));
  assert.match(said, /are encrypted, and no key is named\. Nothing was written\. Name the key \(--key\), or another/);
  assert.is(filesBelow(folder).length, before);
  const plain = join(area, 'plain-before');
  await backUp(full, plain);
  assert.is((await backUp(full, plain, { cipher })).plainBefore, 1);
});

test('whoever can write there passes no older backup, none of their own, no changed one', async () => {
  const [mine = ''] = ids(kept);
  const newest = async (put: (backups: string) => void): Promise<string> => {
    const folder = copyOfKept();
    put(join(folder, 'local/backups'));
    const work = emptyCheckout();
    const said = await refusal(restore(work, folder, { force: false, cipher }));
    assert.equal(tree(work), {});
    return said;
  };
  const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const bytes = readFileSync(join(kept, 'local/backups', mine));
  const named = (content: Buffer, ending: string) => (backups: string) =>
    writeFileSync(join(backups, `29990101T000000Z-${digest(content)}.${ending}`), content);
  assert.match(await newest(named(bytes, 'sealed')), /was made at 20.*, and its name says another time/);
  const { id, content } = serialize({ ...made(), at: '2999-01-01T00:00:00.000Z' }, null);
  const planted = (ending: string) => (backups: string) => writeFileSync(join(backups, `${id}.${ending}`), content);
  for (const ending of ['json', 'sealed'])
    assert.match(await newest(planted(ending)), /is not encrypted, and a key is named/);
  for (const changed of [bytes.subarray(0, HEADER_BYTES), bytes.subarray(0, -1), flipped(bytes, HEADER_BYTES + 5)])
    assert.match(await newest(named(changed, 'sealed')), /is damaged: it is not what was encrypted/);
});

/** What somebody without the key can write: a manifest that would restore a file of theirs. */
const made = (): Manifest => ({
  format: 1,
  environment: 'local',
  at: '2999-01-01T00:00:00.000Z',
  compiler: '0.0.0',
  release: null,
  folders: [],
  files: [],
  links: [],
  left_out: [],
});

test('a manifest names a release, or none, and is JSON', async () => {
  const folder = join(area, 'made-up');
  mkdirSync(join(folder, 'local/backups'), { recursive: true });
  mkdirSync(join(folder, 'local/objects'));
  const put = (content: Buffer, id: string): Promise<string> => {
    for (const each of ids(folder)) rmSync(join(folder, 'local/backups', each));
    writeFileSync(join(folder, 'local/backups', `${id}.json`), content);
    return refusal(restore(emptyCheckout(), folder, { force: false }));
  };
  const named = serialize({ ...made(), release: '../../elsewhere' }, null);
  assert.match(await put(named.content, named.id), /is not as mlops writes one/);
  const none = Buffer.from('{"format": 1');
  const digest = createHash('sha256').update(none).digest('hex').slice(0, 16);
  assert.match(await put(none, `29990101T000000Z-${digest}`), /is none\. Nothing was changed/);
});

const frameAt = (number: number): number => HEADER_BYTES + number * SEALED_FRAME;
const BIG = 3 * FRAME + 5;

const DAMAGES: [string, (bytes: Buffer) => Buffer][] = [
  ['a byte of the salt', (bytes) => flipped(bytes, HEADER_BYTES - 1)],
  ['a byte of a frame', (bytes) => flipped(bytes, frameAt(1) + 9)],
  ['a byte of the last tag', (bytes) => flipped(bytes, bytes.length - 1)],
  [
    'two frames in the other order',
    (bytes) =>
      Buffer.concat([
        bytes.subarray(0, frameAt(0)),
        bytes.subarray(frameAt(1), frameAt(2)),
        bytes.subarray(frameAt(0), frameAt(1)),
        bytes.subarray(frameAt(2)),
      ]),
  ],
  [
    'a frame twice in place of another',
    (bytes) =>
      Buffer.concat([
        bytes.subarray(0, frameAt(1)),
        bytes.subarray(frameAt(0), frameAt(1)),
        bytes.subarray(frameAt(2)),
      ]),
  ],
];

const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};

for (const [name, damage] of DAMAGES)
  test(`${name} is known, and nothing is restored`, async () => {
    const folder = copyOfKept();
    const path = objectOf(folder, BIG);
    writeFileSync(path, damage(readFileSync(path)));
    const said = await refusal(restore(emptyCheckout(), folder, { force: false, cipher }));
    assert.match(said, /is damaged: it is not what was encrypted\. Nothing was changed/);
  });

test('a frame of the same content under the same key, out of another file, is known', () => {
  const content = randomBytes(2 * FRAME);
  const [one, other] = [sealed(content, cipher), sealed(content, cipher)];
  const mixed = Buffer.concat([one.subarray(0, frameAt(1)), other.subarray(frameAt(1))]);
  assert.ok(opened(one, cipher).equals(content));
  assert.throws(() => opened(mixed, cipher), /damaged/);
  assert.throws(() => opened(Buffer.concat([one, other.subarray(frameAt(0))]), cipher), /damaged/, 'nor behind it');
});

test('one that was cut between frames is missing, also to its cipher alone', async () => {
  const folder = copyOfKept();
  const path = objectOf(folder, BIG);
  const cut = readFileSync(path).subarray(0, frameAt(2));
  writeFileSync(path, cut);
  assert.match(await refusal(restore(emptyCheckout(), folder, { force: false, cipher })), /is not whole: 1 of its/);
  const opening = cipher.open(cut.subarray(0, HEADER_BYTES));
  opening.frame(cut.subarray(frameAt(0), frameAt(1)), false);
  assert.throws(() => opening.frame(cut.subarray(frameAt(1)), true), /damaged/);
});

test('two files in the place of one another are known', async () => {
  const folder = copyOfKept();
  const one = objectOf(folder, FRAME);
  const same = join(area, 'same-size');
  writeFileSync(file('another'), randomBytes(FRAME));
  await backUp(full, folder, { cipher });
  const name = cipher.nameOf(
    createHash('sha256')
      .update(readFileSync(file('another')))
      .digest('hex'),
  );
  renameSync(one, same);
  renameSync(join(folder, 'local/objects', name.slice(0, 2), name), one);
  renameSync(same, join(folder, 'local/objects', name.slice(0, 2), name));
  const said = await refusal(restore(emptyCheckout(), folder, { force: false, cipher }));
  assert.match(said, /is damaged: its bytes are not those of its name/);
});

test.run();
