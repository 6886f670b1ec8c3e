/** Where secrets of containers lie: the same files, whoever writes them, mounts them, or reads them. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { releaseFolder } from '../operate/releases.ts';
import { makeOwnSecrets, secretPlaces } from '../operate/supervisor/secret-places.ts';
import { openWorkspace } from '../operate/workspace.ts';
import { makeRelease } from './make.ts';

let folder = '';

test.before.each(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mlops-secrets-')));
  const checkout = join(folder, 'checkout');
  const write = (path: string, text: string): void => {
    mkdirSync(join(checkout, path, '..'), { recursive: true });
    writeFileSync(join(checkout, path), text);
  };
  write('platform.yaml', '');
  write('generated/prod/runtime/environment.json', '{"secrets": {"provider": "file", "dir": "kept/secrets"}}');
  write(
    'generated/prod/compose/compose.yaml',
    `secrets:
  mlops_redis: {file: ../../../kept/secrets/mlops_redis}
  mlops_postgres: {file: ${folder}/etc/shop/mlops_postgres}
  smtp: {environment: MLOPS_SECRET_SMTP}
`,
  );
  const contract = { project: 'shop-prod', state: '/x', first: 'state', images: {}, services: {}, addresses: {} };
  write('generated/prod/compose/containers.json', JSON.stringify(contract));
  execFileSync('git', ['init', '-q', checkout]);
});

test.after.each(() => {
  delete process.env['MLOPS_HOME'];
  rmSync(folder, { recursive: true, force: true });
});

const opened = () => openWorkspace(join(folder, 'checkout'), 'prod');

test('an absolute folder is that folder, and a relative one is of the checkout', () => {
  const places = secretPlaces(opened());
  assert.equal(
    places.map(({ name, file }) => [name, file]),
    [
      ['mlops_redis', join(folder, 'checkout/kept/secrets/mlops_redis')],
      ['mlops_postgres', join(folder, 'etc/shop/mlops_postgres')],
      ['smtp', null],
    ],
  );
  makeOwnSecrets(places);
  assert.match(readFileSync(join(folder, 'etc/shop/mlops_postgres'), 'utf8'), /^[\w-]{43}$/);
  assert.not(existsSync(join(folder, 'checkout/generated/prod/compose/tmp')));
});

test('with MLOPS_HOME a relative one is there, for the checkout and its release alike', () => {
  process.env['MLOPS_HOME'] = join(folder, 'home');
  const workspace = opened();
  const { id } = makeRelease(workspace);
  const expected = join(folder, 'home/kept/secrets/mlops_redis');
  for (const root of [workspace.root, releaseFolder(workspace, id)])
    assert.is(secretPlaces({ ...workspace, root })[0]?.file, expected);
});

test('in a container, a release finds them below the root, wherever the state is outside', () => {
  for (const home of ['', join(folder, 'home')]) {
    process.env['MLOPS_HOME'] = home;
    const workspace = opened();
    const { id } = makeRelease(workspace);
    // As the container has it: the releases below its own root, and the secrets mounted there.
    const root = join(folder, home === '' ? 'one' : 'two');
    const releases = join(root, '.mlops/prod/releases');
    mkdirSync(releases, { recursive: true });
    execFileSync('cp', ['-a', releaseFolder(workspace, id), releases]);
    mkdirSync(join(root, 'kept/secrets'), { recursive: true });
    writeFileSync(join(root, 'kept/secrets/smtp'), 'value');
    assert.is(readFileSync(join(releases, id, 'kept/secrets/smtp'), 'utf8'), 'value');
  }
});

test.run();
