/** `mlops init`: what it makes compiles at once, and what was there before is never touched. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { main } from '../cli.ts';
import { addFiles } from '../init/add.ts';
import { version } from '../product/product.ts';
import { asOrdinaryUser } from './ordinary-user.ts';

interface Scene {
  folder: string;
  init(...words: string[]): Promise<{ exit: number; out: string; err: string }>;
}

const test = suite<Scene>('mlops init');

async function called(...argv: string[]): Promise<{ exit: number; out: string; err: string }> {
  const printed = { out: '', err: '' };
  const exit = await main(argv, {
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
  });
  return { exit, ...printed };
}

test.before.each((scene) => {
  scene.folder = mkdtempSync(join(tmpdir(), 'mlops-init-'));
  scene.init = (...words) => called('-C', scene.folder, 'init', ...words);
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const textsBelow = (folder: string): Map<string, string> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );

const OPTIONS = ['--example', '--staging', '--prod'];
const subsets = Array.from({ length: 2 ** OPTIONS.length }, (_, bits) =>
  OPTIONS.filter((_, index) => (bits >> index) % 2 === 1),
);

test('every choice compiles at once, without a finding, and again to the same bytes', async ({ folder, init }) => {
  for (const [index, options] of subsets.entries()) {
    const { exit, out, err } = await init(`shop${index}`, ...options, '--timezone', 'Europe/Berlin');
    assert.is(exit, 0, err);
    assert.is(err, '');
    assert.match(out, /^generated\/: \d+ files, \d+ new\.$/m);
    const root = join(folder, `shop${index}`);
    assert.match((await called('-C', root, 'validate')).out, /: 0 errors\.\n$/);
    assert.is((await called('-C', root, 'compile', '--check')).exit, 0);
    const { environments } = parse(readFileSync(join(root, 'platform.yaml'), 'utf8')) as { environments: object };
    const asked = options.filter((each) => each !== '--example').map((each) => each.slice(2));
    assert.equal(Object.keys(environments), ['local', ...asked]);
  }
});

test('a platform is named by its folder, in the letters that names have', async ({ folder, init }) => {
  for (const [name, platform] of [
    ['My shop', 'my_shop'],
    ['Crème Brûlée', 'creme_brulee'],
    ['2nd', 'nd'],
    ['日本', 'platform'],
  ] as const) {
    assert.is((await init(name)).exit, 0, name);
    assert.match(readFileSync(join(folder, name, 'platform.yaml'), 'utf8'), new RegExp(`^name: ${platform}$`, 'm'));
  }
});

test('two repositories beside each other share no port, in no environment, and --port-offset says which', async ({
  folder,
  init,
}) => {
  const portsOf = (name: string): number[] =>
    ['local', 'staging'].flatMap((environment) => {
      const path = join(folder, name, 'generated', environment, 'process/processes.json');
      const { processes } = JSON.parse(readFileSync(path, 'utf8')) as { processes: { port: number | null }[] };
      return processes.flatMap(({ port }) => port ?? []);
    });
  for (const [name, ...words] of [
    ['one', '--port-offset', '17'],
    ['two', '--port-offset', '18'],
    ['usual', '--port-offset', '0'],
  ])
    assert.is((await init(String(name), '--example', '--staging', ...words)).exit, 0);
  const all = ['one', 'two', 'usual'].flatMap(portsOf);
  assert.ok(all.length > 20 && all.includes(5017) && all.includes(5018) && all.includes(5000), all.join());
  assert.is(new Set(all).size, all.length, all.join());
});

test('the ports of a new repository follow from its folder', async ({ folder, init }) => {
  const offset = (name: string): string =>
    /port_offset: (\d+)/.exec(readFileSync(join(folder, name, 'platform.yaml'), 'utf8'))?.[1] ?? '';
  const names = Array.from({ length: 12 }, (_, index) => `shop${index}`);
  for (const name of names) await init(name);
  const found = names.map(offset);
  assert.ok(new Set(found).size > 6, found.join());
  await init('again', '--port-offset', '0');
  assert.is(offset('again'), '0');
});

test('the compiler is pinned, and no file of the compiler is in it', async ({ folder, init }) => {
  await init('shop', '--example', '--staging', '--prod');
  const texts = textsBelow(join(folder, 'shop'));
  const { name, dependencies } = JSON.parse(texts.get('package.json') ?? '{}');
  assert.equal({ name, dependencies }, { name: 'shop', dependencies: { 'mlops-compiler': version() } });
  for (const [path, text] of texts) {
    if (/\.ya?ml$/.test(path)) parse(text);
    if (/\.(json)$/.test(path)) JSON.parse(text);
    if (!path.startsWith('generated/')) assert.not.match(text, /\{\{[\w#/]/, path);
    assert.not.match(text, /(?<!mlops-compiler\/)\bruntime\/(mlops_runtime|requirements)/, path);
  }
  assert.match(texts.get('.github/workflows/check.yaml') ?? '', /check-\$\{\{ github\.workflow \}\}/);
  assert.match(texts.get('Jenkinsfile') ?? '', /deploy -- --env staging/);
});

test('in a folder that has things, it adds what is missing and says what it left alone', async ({ folder, init }) => {
  const root = join(folder, 'shop');
  mkdirSync(join(root, 'pipelines/orders'), { recursive: true });
  const mine = { 'README.md': 'mine\n', 'package.json': '{}\n', 'pipelines/orders/test_orders.py': '# mine\n' };
  for (const [path, text] of Object.entries(mine)) writeFileSync(join(root, path), text);
  const { exit, out } = await init('shop', '--example');
  assert.is(exit, 0);
  for (const [path, text] of Object.entries(mine)) {
    assert.is(readFileSync(join(root, path), 'utf8'), text);
    assert.ok(out.includes(`kept  ${path}: it was there`), path);
  }
  assert.match(out, /npm install --save-exact mlops-compiler@/);
  assert.match(out, /^new {3}platform\.yaml$/m);
  const before = textsBelow(root);
  assert.not.match((await init('shop', '--example')).out, /^new/m);
  assert.equal(textsBelow(root), before);
});

test('what it does not know how to add to is left, with a sentence', async ({ folder, init }) => {
  await init('shop');
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'linked'));
  mkdirSync(join(folder, 'elsewhere'));
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'linked/features'));
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'link'));
  const before = textsBelow(folder);
  for (const [words, sentence] of [
    [['file'], /file is a file; name a folder/],
    [['file/inside'], /file\/inside cannot be reached, as a part of it is no folder/],
    [['link'], /link is a link; name a folder/],
    [['shop/inner'], /lies in .*shop, which is the repository of a platform/],
    [['shop/deep/inner'], /lies in .*shop, which is the repository of a platform/],
    [['linked', '--example'], /features must be a folder, for features\/entities\/store\.yaml/],
    [['new', '--name', 'My shop'], /--name 'My shop' is not lower-case letters/],
    [['new', '--owner', 'a: {b}'], /--owner 'a: \{b\}' is not lower-case letters/],
    [['new', '--email', 'x'], /--email 'x' is not an e-mail address/],
    [['new', '--timezone', 'Berlin time'], /is not a time zone/],
    [['new', '--port-offset', '40001'], /--port-offset '40001' is not a whole number from 0 to 40000/],
    [['new', '--port-offset=-1'], /'-1' is not a whole number/],
    [['new', '--port-offset', '30001', '--staging'], /'30001' is not a whole number from 0 to 30000/],
    [[], /init needs DIR/],
  ] as const) {
    const { exit, err } = await init(...words);
    assert.is(exit, 2, words.join(' '));
    assert.match(err, sentence);
  }
  assert.equal(textsBelow(folder), before);
});

test('without the right to write, a sentence', ({ folder }) => {
  const closed = join(folder, 'closed');
  asOrdinaryUser(folder, () => {
    mkdirSync(closed, { mode: 0o555 });
    assert.throws(
      () => addFiles(join(closed, 'shop'), new Map([['README.md', '']])),
      (problem: NodeJS.ErrnoException) => problem.code === 'EACCES' && problem.path === join(closed, 'shop'),
    );
  });
});

test.run();
