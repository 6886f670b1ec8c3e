/** `.github/CODEOWNERS` says whose each file is, by GitHub's own order. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../cli.ts';

const REFERENCE = join(import.meta.dirname, 'reference');
const FILE = '.github/CODEOWNERS';

interface Scene {
  root: string;
  call(...words: string[]): Promise<{ exit: number; out: string; err: string }>;
}

const test = suite<Scene>('mlops codeowners');

test.before.each((scene) => {
  scene.root = mkdtempSync(join(tmpdir(), 'mlops-owners-'));
  cpSync(REFERENCE, scene.root, { recursive: true });
  scene.call = async (...words) => {
    const printed = { out: '', err: '' };
    const exit = await main(['-C', scene.root, ...words], {
      out: (text) => {
        printed.out += text;
      },
      err: (text) => {
        printed.err += text;
      },
    });
    return { exit, ...printed };
  };
});
test.after.each(({ root }) => rmSync(root, { recursive: true, force: true }));

const read = (root: string): string => readFileSync(join(root, FILE), 'utf8');

/** The last line whose pattern a path matches decides; ours are `*`, folders and files from the root. */
function ownerOf(text: string, path: string): string | undefined {
  const rules = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' ') as [string, string]);
  return rules.findLast(([pattern]) => {
    if (pattern === '*') return true;
    return pattern.endsWith('/') ? `/${path}`.startsWith(pattern) : `/${path}` === pattern;
  })?.[1];
}

test('specs, the code beside them and what is generated from them are their owners’', async ({ root, call }) => {
  const { exit, err } = await call('codeowners');
  assert.is(exit, 0, err);
  const text = read(root);
  for (const [path, owner] of [
    ['platform.yaml', '@acme/logistics'],
    ['pipelines/orders/orders.py', '@acme/logistics'],
    ['pipelines/stores/pipeline.yaml', '@acme/stores'],
    ['pipelines/stores/test_stores.py', '@acme/stores'],
    ['features/store_deliveries.yaml', '@acme/stores'],
    ['generated/common/feast/feature_views/store_deliveries.py', '@acme/stores'],
    ['generated/common/airflow/dags/orders.py', '@acme/logistics'],
    ['generated/common/airflow/dags/stores.py', '@acme/stores'],
  ])
    assert.is(ownerOf(text, path as string), owner, path);
});

test("a team's folder is theirs, also what will come into it; a spec of the default owner's in it is not", async ({
  root,
  call,
}) => {
  const spec = readFileSync(join(root, 'features/store.yaml'), 'utf8').replace('owner: stores\n', '');
  mkdirSync(join(root, 'features/stores'));
  rmSync(join(root, 'features/store.yaml'));
  writeFileSync(join(root, 'features/stores/store.yaml'), spec);
  writeFileSync(join(root, 'features/stores/street.yaml'), 'kind: Entity\nowner: logistics\ntype: string\n');
  assert.is((await call('codeowners')).exit, 0);
  assert.is(ownerOf(read(root), 'features/stores/store.yaml'), '@acme/stores');
  assert.is(ownerOf(read(root), 'features/stores/new.yaml'), '@acme/stores');
  assert.is(ownerOf(read(root), 'features/stores/street.yaml'), '@acme/logistics');
});

test('lines above its own are kept; it changes nothing twice; stale is said by --check and by compile --check', async ({
  root,
  call,
}) => {
  assert.is((await call('codeowners', '--check')).exit, 1);
  mkdirSync(join(root, '.github'));
  writeFileSync(join(root, FILE), '/docs/ @acme/writers\n');
  assert.is((await call('codeowners')).exit, 0);
  const first = read(root);
  assert.match(first, /^\/docs\/ @acme\/writers\n\n# From here on/);
  assert.match((await call('codeowners')).out, /nothing changed/);
  assert.is(read(root), first);
  await call('compile');
  assert.is((await call('codeowners', '--check')).exit, 0);
  assert.is((await call('compile', '--check')).exit, 0);
  const platform = readFileSync(join(root, 'platform.yaml'), 'utf8');
  writeFileSync(join(root, 'platform.yaml'), platform.replaceAll('@acme/stores', '@acme/shops'));
  await call('compile');
  assert.is((await call('codeowners', '--check')).exit, 1);
  const { exit, err } = await call('compile', '--check');
  assert.is(exit, 1);
  assert.match(err, /stale {4}\.github\/CODEOWNERS/);
});

test('an owner without a name on GitHub is named; without any there is nothing to write', async ({ root, call }) => {
  const path = join(root, 'platform.yaml');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(', github: "@acme/stores"', ''));
  const { exit, err } = await call('codeowners');
  assert.is(exit, 0);
  assert.match(err, /Owner 'stores' has no `github`/);
  writeFileSync(path, text.replace(/, github: "[^"]+"/g, ''));
  const none = await call('codeowners');
  assert.is(none.exit, 1);
  assert.match(none.err, /No owner has a name on GitHub/);
});

test('nothing is written through a link', async ({ root, call }) => {
  mkdirSync(join(root, 'elsewhere'));
  symlinkSync('elsewhere', join(root, '.github'));
  const { exit, err } = await call('codeowners');
  assert.is(exit, 2);
  assert.match(err, /is a link/);
});

test.run();
