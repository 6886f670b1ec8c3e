/** Where the operator's key comes from, what is refused for one, and who gets it. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cipherOf } from '../../compiler/backup/cipher.ts';
import { statedKey } from '../../compiler/backup/key.ts';
import { area, removeAll } from './backup-scene.ts';
import { mlops } from './cli.ts';
import { refusal } from './refusal.ts';
import { node, withSandbox } from './sandbox.ts';

const MLOPS = fileURLToPath(new URL('../../bin/mlops.js', import.meta.url));

const test = suite('the key of backups');
const key = randomBytes(32);
const cipher = cipherOf(key);

test.after(removeAll);

test('a key is 32 bytes as base64 or hex, of a file or of the variable; anything else is a sentence', async () => {
  const at = join(area, 'key');
  for (const text of [key.toString('hex'), `${key.toString('base64')}\n`]) {
    writeFileSync(at, text, { mode: 0o600 });
    assert.is(statedKey(at)?.id, cipher.id);
  }
  const said = (given: string) => refusal((async () => statedKey(given))());
  for (const text of ['', 'secret', key.toString('hex').slice(2), `${key.toString('base64')}=`]) {
    writeFileSync(at, text);
    assert.match(await said(at), /key is no key: it must be 32 bytes as base64 or hex\. `\(umask 077; openssl rand/);
  }
  writeFileSync(at, 'x'.repeat(5000));
  assert.match(await said(at), /is no file of 32 bytes/);
  assert.match(await said(area), /is no file of 32 bytes/);
  assert.match(await said(join(area, 'nowhere')), /cannot be read \(ENOENT.*openssl rand -base64 32/);
  process.env['MLOPS_BACKUP_KEY'] = key.toString('base64');
  assert.is(statedKey(undefined)?.id, cipher.id);
  assert.is(process.env['MLOPS_BACKUP_KEY'], undefined, 'nothing that is started later gets it');
  assert.is(statedKey(undefined), null);
});

test('a key that others may read or change is none', async () => {
  const at = join(area, 'open-key');
  writeFileSync(at, key.toString('hex'));
  for (const mode of [0o644, 0o640, 0o604, 0o620, 0o602]) {
    chmodSync(at, mode);
    const said = await refusal((async () => statedKey(at))());
    assert.match(said, new RegExp(`is open to other users \\(mode ${mode.toString(8)}\\), so it guards nothing\\.`));
  }
  chmodSync(at, 0o400);
  assert.is(statedKey(at)?.id, cipher.id);
});

test('nor is one that lies with the backups or in the state, also by a link', async () => {
  const folders = ['backups', 'state'].map((name) => join(area, name));
  const link = join(area, 'linked-key');
  for (const folder of folders) {
    mkdirSync(folder);
    const at = join(folder, 'key');
    writeFileSync(at, key.toString('hex'), { mode: 0o600 });
    rmSync(link, { force: true });
    symlinkSync(at, link);
    for (const path of [at, link])
      assert.match(
        await refusal((async () => statedKey(path, { apartFrom: folders }))()),
        /lies in .*, with what it guards: whoever takes the one has the other, and both are lost together/,
      );
    rmSync(at);
  }
});

test(
  'the command takes it from a file, a pipe or the variable',
  withSandbox({ processes: [{ name: 'web', command: node('setInterval(() => {}, 1000)') }] }, async (sandbox) => {
    const { root, state } = sandbox.workspace;
    const [folder, at] = [join(root, 'backups'), join(area, 'key-of-command')];
    writeFileSync(at, key.toString('base64'), { mode: 0o600 });
    await mlops(sandbox, 'up');
    await mlops(sandbox, 'down');
    writeFileSync(join(state, 'mark'), 'a secret');
    const done = await mlops(sandbox, 'backup', '--to', folder, '--key', at);
    assert.match(
      done.printed,
      new RegExp(`It is encrypted, and nothing brings it back without that key \\(${cipher.id}\\)`),
    );
    const stored = readdirSync(join(folder, 'local'), { recursive: true, withFileTypes: true }).filter((each) =>
      each.isFile(),
    );
    assert.ok(stored.length > 1);
    for (const { parentPath, name } of stored)
      assert.not(readFileSync(join(parentPath, name)).includes('a secret'), name);
    rmSync(join(state, 'mark'));
    const without = await mlops(sandbox, 'restore', '--from', folder, '--force');
    assert.is(without.exit, 2, without.printed);
    assert.match(without.printed, /is encrypted, and no key is named \(--key\)/);
    assert.is((await mlops(sandbox, 'restore', '--from', folder, '--force', '--key', at)).exit, 0);
    assert.is(readFileSync(join(state, 'mark'), 'utf8'), 'a secret');
    const env = { ...process.env, MLOPS_BACKUP_KEY: key.toString('hex') };
    const piped = `${process.execPath} ${MLOPS} backup --to ${folder} --key <(cat ${at}) --format json`;
    const said = spawnSync('bash', ['-c', piped], { cwd: root, encoding: 'utf8' });
    assert.is(JSON.parse(said.stdout).copied.objects < 5, true, said.stderr);
    const by = spawnSync(process.execPath, [MLOPS, 'backup', '--to', folder], { cwd: root, env, encoding: 'utf8' });
    assert.match(by.stdout, /It is encrypted/, by.stderr);
  }),
);

test.run();
