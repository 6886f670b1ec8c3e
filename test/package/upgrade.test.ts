/** `mlops upgrade`: shows what another version of the package changes, and brings all of it or nothing. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { $ } from 'zx';
import { main } from '../../compiler/cli.ts';
import { readTree } from '../../compiler/commands/upgrade-report.ts';
import { installPacked, type Packed } from './packed.ts';

const test = suite<{ packed: Packed; root: string; next: string; broken: string }>('mlops upgrade');

/** The package as a later version, whose files a function changes. */
async function later(packed: Packed, version: string, change: (folder: string) => void): Promise<string> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'mlops-later-'));
  await $({ cwd: folder, quiet: true })`tar xzf ${packed.tarball}`;
  const own = join(folder, 'package');
  for (const name of ['package.json', 'npm-shrinkwrap.json'])
    writeFileSync(
      join(own, name),
      readFileSync(join(own, name), 'utf8').replaceAll('"version": "0.1.0"', `"version": "${version}"`),
    );
  change(own);
  await $({ cwd: packed.folder, quiet: true })`npm pack ${own} --pack-destination ${packed.folder}`;
  rmSync(folder, { recursive: true });
  return join(packed.folder, `mlops-compiler-${version}.tgz`);
}

const DAG = 'compiler/tools/airflow/templates/dag.py.hbs';

async function call(root: string, ...words: string[]): Promise<{ exit: number; out: string; err: string }> {
  const printed = { out: '', err: '' };
  const exit = await main(['-C', root, ...words], {
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
  });
  return { exit, ...printed };
}

test.before(async (context) => {
  context.packed = await installPacked();
  context.next = await later(context.packed, '0.2.0', (own) =>
    writeFileSync(join(own, DAG), `${readFileSync(join(own, DAG), 'utf8')}# of 0.2.0\n`),
  );
  context.broken = await later(context.packed, '0.3.0', (own) =>
    writeFileSync(join(own, 'compiler/commands/compile.js'), 'throw new Error("no");\n'),
  );
  context.root = join(context.packed.folder, 'shop');
  mkdirSync(context.root);
  const { exit, err } = await call(
    context.packed.folder,
    'init',
    'shop',
    '--example',
    '--compiler',
    `file:${context.packed.tarball}`,
  );
  assert.is(exit, 0, err);
});
test.after(({ packed }) => packed?.remove());

const texts = (root: string): Record<string, string> =>
  Object.fromEntries([...readTree(root)].map(([path, content]) => [path, content.toString()]));

test('what a version changes is shown, and nothing is changed here', async ({ root, next }) => {
  const before = texts(root);
  const { exit, out, err } = await call(root, 'upgrade', '--to', next);
  assert.is(exit, 0, err);
  assert.match(out, /^To version 0\.2\.0/);
  assert.match(out, /Nothing to lift/);
  assert.match(out, /Findings that are new\n {2}none/);
  assert.match(out, /changed {2}common\/airflow\/dags\/orders\.py/);
  assert.match(out, /Nothing was changed here/);
  assert.equal(texts(root), before);
});

test('a version that does not compile, or is not there, changes nothing', async ({ root, broken, packed }) => {
  const before = texts(root);
  const { exit, err } = await call(root, 'upgrade', '--to', broken, '--write');
  assert.is(exit, 2);
  assert.match(err, /Nothing was changed\./);
  const none = await call(root, 'upgrade', '--to', join(packed.folder, 'none.tgz'));
  assert.match(none.err, /there is no file/);
  assert.is((await call(root, 'upgrade', '0.2.0; rm -rf /')).exit, 2);
  assert.equal(texts(root), before);
});

test('--write moves the pin in package.json and lock, lifts the specs, and compiles', async ({ root, next }) => {
  const model = join(root, 'models/delivery_time/model.yaml');
  const old = readFileSync(model, 'utf8')
    .replace('  missing_features: allow\n', '')
    .replace('{timeout: 2s}', '{timeout: 2s, missing_features: allow} # as it was');
  writeFileSync(model, old);
  const { exit, out, err } = await call(root, 'upgrade', '--to', next, '--write');
  assert.is(exit, 0, err);
  assert.match(out, /`serving\.online\.missing_features` is `serving\.missing_features`/);
  const pinned = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies['mlops-compiler'];
  assert.is(pinned, 'file:../mlops-compiler-0.2.0.tgz');
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  assert.is(lock.packages['node_modules/mlops-compiler'].version, '0.2.0');
  assert.is(lock.packages['node_modules/mlops-compiler'].resolved, 'file:../mlops-compiler-0.2.0.tgz');
  assert.match(readFileSync(model, 'utf8'), /missing_features: allow\n {2}online: \{timeout: 2s\} # as it was/);
  assert.match(readFileSync(join(root, 'generated/common/airflow/dags/orders.py'), 'utf8'), /# of 0\.2\.0/);
  const elsewhere = join(root, '../copy');
  cpSync(root, elsewhere, { recursive: true });
  await $({ cwd: elsewhere, quiet: true })`npm ci --prefer-offline --no-audit --no-fund --ignore-scripts`;
});

test('a repository that pins no compiler is told how', async ({ packed }) => {
  const empty = join(packed.folder, 'empty');
  mkdirSync(empty);
  const { exit, err } = await call(empty, 'upgrade');
  assert.is(exit, 2);
  assert.match(err, /package\.json does not pin mlops-compiler/);
});

test.run();
