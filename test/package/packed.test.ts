/** The package without its checkout: it does what the sources do, loads what a verb needs, and can be made again. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { $ } from 'zx';
import { PLATFORMS } from '../../compiler/test/fixture.ts';
import { onGround, runProgram } from '../../compiler/test/hostile/ground.ts';
import { loading } from '../../compiler/test/hostile/loading.ts';
import { inParallel } from '../../scripts/testing/in-parallel.ts';
import { installPacked, type Packed, pack, ROOT } from './packed.ts';

const test = suite<{ packed: Packed }>('the package');

test.before(async (context) => {
  context.packed = await installPacked();
});
test.after(({ packed }) => packed?.remove());

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();

const asModule = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`;

/** What Node loads from files, by their paths. */
async function loadedBy(packed: Packed, ...words: string[]): Promise<string[]> {
  const list = join(packed.folder, 'loaded');
  writeFileSync(list, '');
  const hooks =
    'import {appendFileSync} from "node:fs"; export const load = (url, context, next) => ' +
    `(url.startsWith("file:") && appendFileSync(${JSON.stringify(list)}, url + "\\n"), next(url, context))`;
  const register = `import {register} from "node:module"; register(${JSON.stringify(asModule(hooks))})`;
  await $({
    quiet: true,
  })`node --import ${asModule(register)} ${packed.program} ${words}`;
  return readFileSync(list, 'utf8').trim().split('\n');
}

test('it holds plain JavaScript with types, and none of what builds it', ({ packed }) => {
  const files = filesBelow(packed.installed);
  const sources = files.filter(
    (path) => /\.ts$/.test(path) && !path.endsWith('.d.ts') && !path.includes('node_modules/'),
  );
  assert.equal(sources, []);
  assert.equal(
    files.filter((path) => /(^|\/)(test|golden|cases)\/|\.test\./.test(path) && !/node_modules/.test(path)),
    [],
  );
  const names = new Set(
    [...files, ...filesBelow(join(packed.installed, '..'))].flatMap(
      (path) => /^(@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? [],
    ),
  );
  for (const builder of ['tsx', 'zx', 'typescript', 'esbuild', '@biomejs/biome'])
    assert.not.ok(names.has(builder), builder);
});

test('every package that it depends on has the version of the lock', ({ packed }) => {
  type Lock = { packages: Record<string, { version: string }> };
  const locked = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  const got = JSON.parse(readFileSync(join(packed.installed, '../../package-lock.json'), 'utf8')) as Lock;
  const prefix = 'node_modules/mlops-compiler/';
  const installed = Object.entries(got.packages).filter(([path]) => path !== '' && path !== prefix.slice(0, -1));
  assert.ok(installed.length > 10);
  for (const [path, { version }] of installed)
    assert.is(version, locked.packages[path.replace(prefix, '')]?.version, path);
});

test('the SBOM names each of them with its licence and its digest', ({ packed }) => {
  type Component = { purl: string; licenses?: object[]; hashes?: object[] };
  const { components } = JSON.parse(readFileSync(join(packed.installed, 'sbom.cdx.json'), 'utf8')) as {
    components: Component[];
  };
  const { packages } = JSON.parse(readFileSync(join(packed.installed, '../../package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string }>;
  };
  // A package that is installed in two places is one.
  const installed = Object.entries(packages).map(
    ([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`,
  );
  assert.is(components.length, new Set(installed).size - 2);
  for (const { purl, licenses, hashes } of components) assert.ok(licenses?.length && hashes?.length, purl);
});

test("the runtime's SBOM names each package of its lock with its licence and its digests", ({ packed }) => {
  type Component = { name: string; version: string; licenses: object[]; hashes: { content: string }[] };
  const read = (name: string): string => readFileSync(join(packed.installed, 'runtime', name), 'utf8');
  const { components } = JSON.parse(read('sbom.cdx.json')) as { components: Component[] };
  const lock = read('requirements.lock');
  const locked = [...lock.matchAll(/^([A-Za-z0-9._-]+)==([^\s;]+)/gm)].map(([, name, version]) => `${name} ${version}`);
  assert.equal(components.map(({ name, version }) => `${name} ${version}`).sort(), locked.sort());
  for (const { name, licenses, hashes } of components) {
    assert.ok(licenses.length > 0 && hashes.length > 0, name);
    for (const { content } of hashes) assert.ok(lock.includes(`--hash=sha256:${content}`), name);
  }
});

test('--version says which compiler and which runtime this is', async ({ packed }) => {
  const { out } = await runProgram(packed.program)('/', ['--version']);
  assert.is(out, 'mlops 0.1.0, with the runtime 0.1.0\n');
});

test('the editor settings and schema lines of a new repository lead to schemas that are in the package', async ({
  packed,
}) => {
  const shop = join(packed.folder, 'edited');
  mkdirSync(shop);
  await runProgram(packed.program)('/', ['init', shop, '--example', '--prod']);
  mkdirSync(join(shop, 'node_modules'));
  symlinkSync(packed.installed, join(shop, 'node_modules/mlops-compiler'));
  const settings = JSON.parse(readFileSync(join(shop, '.vscode/settings.json'), 'utf8'));
  const named = Object.keys(settings['yaml.schemas']);
  assert.is(named.length, 6);
  for (const path of named) assert.ok(JSON.parse(readFileSync(join(shop, path), 'utf8')).properties.kind, path);
  const specs = filesBelow(shop).filter((path) => /^(platform|features|pipelines|models).*\.yaml$/.test(path));
  assert.ok(specs.length > 4);
  for (const path of specs) {
    const [, schema = ''] =
      /^# yaml-language-server: \$schema=(\S+)/.exec(readFileSync(join(shop, path), 'utf8')) ?? [];
    assert.ok(existsSync(join(shop, path, '..', schema)), `${path}: ${schema}`);
  }
});

test('help and version load neither a verb nor a package; a verb loads no other', async ({ packed }) => {
  for (const words of [['--help'], ['--version']]) {
    const loaded = await loadedBy(packed, ...words);
    assert.ok(loaded.length < 12, `mlops ${words.join(' ')} loads ${loaded.length} files:\n${loaded.join('\n')}`);
  }
  const loaded = await loadedBy(packed, 'explain', 'FEA001');
  assert.equal(
    loaded.filter((path) => /\/(operate|release|editor|init)\//.test(path)),
    [],
  );
});

test('what it compiles is what the sources compile, to the byte', async ({ packed }) => {
  const run = runProgram(packed.program);
  for (const name of readdirSync(PLATFORMS)) {
    const repository = join(packed.folder, name);
    mkdirSync(repository);
    for (const entry of readdirSync(join(PLATFORMS, name)))
      if (entry !== 'golden') cpSync(join(PLATFORMS, name, entry), join(repository, entry), { recursive: true });
    const { exit, err } = await run('/', ['-C', repository, 'compile']);
    assert.is(exit, 0, err);
    const golden = join(PLATFORMS, name, 'golden');
    for (const path of filesBelow(golden))
      assert.is(
        readFileSync(join(repository, 'generated', path), 'utf8'),
        readFileSync(join(golden, path), 'utf8'),
        path,
      );
  }
});

test(`${loading.length} repositories whose files ask to be loaded`, async ({ packed }) => {
  const run = runProgram(packed.program);
  await inParallel(loading, Math.max(1, cpus().length), ({ put }) =>
    onGround(put, async ({ root, canary }) => {
      const { exit, err } = await run(root, ['compile']);
      assert.is(exit, 0, err);
      assert.not.ok(existsSync(canary));
    }),
  );
});

test('who programs with it gets its types', async ({ packed }) => {
  const folder = join(packed.folder, 'consumer');
  mkdirSync(folder);
  symlinkSync(join(packed.installed, '..'), join(folder, 'node_modules'));
  writeFileSync(
    join(folder, 'own.ts'),
    "import { analyse } from 'mlops-compiler';\n" +
      'export const wrong: number = analyse({} as never).findings[0]!.code;\n',
  );
  const options = [
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--strict',
    '--noEmit',
    '--skipLibCheck',
    '--types',
    '',
  ];
  const { stdout } = await $({
    cwd: folder,
    quiet: true,
    nothrow: true,
  })`${join(ROOT, 'node_modules/.bin/tsc')} ${options} own.ts`;
  assert.match(stdout, /^own\.ts\(2,14\): error TS2322: Type 'string' is not assignable to type 'number'\.\s*$/);
});

test('two packs are equal to the byte', async ({ packed }) => {
  const second = join(packed.folder, 'second');
  mkdirSync(second);
  assert.ok(readFileSync(await pack(second)).equals(readFileSync(packed.tarball)));
  console.log('figure: two packs of the compiler and its runtime are equal to the byte');
});

test.run();
