/**
 * What a repository may hold instead of plain files: a finding with its path, never a crash, and nothing from outside.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../cli.ts';
import { analyse } from '../compile.ts';
import { readSources } from '../source/read.ts';
import { BASE } from './cases.ts';
import { asOrdinaryUser, NOBODY } from './ordinary-user.ts';

interface Scene {
  folder: string;
  root: string;
}

const test = suite<Scene>('reading');

test.before.each((scene) => {
  scene.folder = mkdtempSync(join(tmpdir(), 'reading-'));
  scene.root = join(scene.folder, 'repository');
  cpSync(BASE, scene.root, { recursive: true });
  chmodSync(scene.folder, 0o755);
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const MLOPS = join(import.meta.dirname, '../../bin/mlops.js');

/** As a process of its own: `access` asks for the real user. */
function runAsOrdinaryUser(root: string, ...argv: string[]) {
  asOrdinaryUser(root, () => {});
  const user = process.geteuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  return spawnSync(process.execPath, [MLOPS, '-C', root, ...argv], { ...user, encoding: 'utf8' });
}

const unread = (root: string): string[] =>
  analyse(readSources(root))
    .findings.filter(({ code }) => code === 'YML008')
    .map(({ message }) => message);

test('a link to itself, to nothing and to a folder', ({ root }) => {
  symlinkSync('loop.yaml', join(root, 'features/loop.yaml'));
  symlinkSync('circle', join(root, 'features/circle'));
  symlinkSync('nowhere.yaml', join(root, 'features/dangling.yaml'));
  symlinkSync('../models', join(root, 'features/models'));
  assert.equal(unread(root), [
    'features/circle is not read: it cannot be read (its links run in a circle).',
    'features/dangling.yaml is not read: it is a symbolic link, and links are not followed.',
    'features/loop.yaml is not read: it is a symbolic link, and links are not followed.',
    'features/models is not read: it is a symbolic link, and links are not followed.',
  ]);
});

test('a folder of specs that is a link, a dangling link or a file: nothing behind it is read', ({ root, folder }) => {
  renameSync(join(root, 'features'), join(folder, 'outside'));
  for (const [put, reason] of [
    [() => symlinkSync('../outside', join(root, 'features')), 'it is a symbolic link, and links are not followed'],
    [() => symlinkSync('../nowhere', join(root, 'features')), 'it is a symbolic link, and links are not followed'],
    [() => writeFileSync(join(root, 'features'), 'kind: Entity\n'), 'it is a file, and must be a folder'],
  ] as const) {
    rmSync(join(root, 'features'), { force: true });
    put();
    const { specs } = readSources(root);
    assert.equal(unread(root), [`features is not read: ${reason}.`]);
    assert.not.ok(specs.some(({ path }) => path.startsWith('features/')));
  }
});

test('platform.yaml as a folder, and as a link out of the repository', ({ root, folder }) => {
  renameSync(join(root, 'platform.yaml'), join(folder, 'platform.yaml'));
  symlinkSync('../platform.yaml', join(root, 'platform.yaml'));
  assert.equal(unread(root), ['platform.yaml is not read: it is a symbolic link, and links are not followed.']);
  rmSync(join(root, 'platform.yaml'));
  mkdirSync(join(root, 'platform.yaml'));
  assert.equal(unread(root), ['platform.yaml is not read: it is not a regular file.']);
});

test('names that are not UTF-8, and folders deeper than sixteen', ({ root }) => {
  writeFileSync(Buffer.concat([Buffer.from(`${root}/features/`), Buffer.from([0xff, 0x2e]), Buffer.from('yaml')]), '');
  const deep = Array.from({ length: 18 }, (_, depth) => `d${depth + 1}`).join('/');
  mkdirSync(join(root, 'features', deep), { recursive: true });
  writeFileSync(join(root, 'features', deep, 'lost.yaml'), 'kind: Entity\n');
  assert.equal(
    unread(root).map((message) => message.replace(/(\/d\d+)+/, '/…')),
    [
      'features/… is not read: it lies deeper than 16 folders.',
      'features/\ufffd.yaml is not read: its name is not UTF-8.',
    ],
  );
});

test('specs, folders and Python without permission', ({ root }) => {
  chmodSync(root, 0o755);
  chmodSync(join(root, 'models/churn'), 0);
  chmodSync(join(root, 'platform.yaml'), 0);
  chmodSync(join(root, 'pipelines/clicks/clicks.py'), 0);
  const messages = asOrdinaryUser(root, () => unread(root));
  assert.equal(messages, [
    'models/churn is not read: it cannot be read (no permission).',
    'pipelines/clicks/clicks.py is not read: it cannot be read (no permission).',
    'platform.yaml is not read: it cannot be read (no permission).',
  ]);
  chmodSync(join(root, 'models/churn'), 0o755);
});

test('a step in a Python file behind a link says why there is none', ({ root }) => {
  renameSync(join(root, 'pipelines/clicks/clicks.py'), join(root, 'pipelines/clicks/other.py'));
  symlinkSync('other.py', join(root, 'pipelines/clicks/clicks.py'));
  const messages = analyse(readSources(root)).findings.map(({ message }) => message);
  assert.ok(
    messages.includes('pipelines/clicks/clicks.py is not read: it is a symbolic link, and links are not followed.'),
    messages.join('\n'),
  );
});

test('fix writes through no link', async ({ root, folder }) => {
  const outside = join(folder, 'outside');
  renameSync(join(root, 'features'), outside);
  symlinkSync('../outside', join(root, 'features'));
  const spec = join(outside, 'clicks.yaml');
  const misspelt = readFileSync(spec, 'utf8').replace('kind: FeatureView', 'kind: FeatureVeiw');
  writeFileSync(spec, misspelt);
  const silent = (): void => {};
  assert.is(await main(['-C', root, 'fix'], { out: silent, err: silent }), 1);
  assert.is(readFileSync(spec, 'utf8'), misspelt);
});

test('a generated/ that is read-only for this user is left alone, and said to be', ({ root }) => {
  const compile = () => runAsOrdinaryUser(root, 'compile');
  assert.is(compile().status, 0);
  chmodSync(join(root, 'generated/common'), 0o555);
  const manifest = readFileSync(join(root, 'generated/.manifest/shared.json'), 'utf8');
  writeFileSync(
    join(root, 'platform.yaml'),
    readFileSync(join(root, 'platform.yaml'), 'utf8').replace('shop', 'store'),
  );
  const { status, stderr } = compile();
  assert.is(
    stderr,
    'mlops: There is no permission to write in generated/common; nothing was changed. Make it writable for ' +
      'you, and compile again.\n',
  );
  assert.is(status, 2);
  assert.is(readFileSync(join(root, 'generated/.manifest/shared.json'), 'utf8'), manifest);
  chmodSync(join(root, 'generated/common'), 0o755);
  assert.is(compile().status, 0);
});

test('a tsconfig.json, package.json, .npmrc, .env and node_modules of the repository run nothing', ({ root }) => {
  const mark = join(root, 'executed');
  const hostile = `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '');`;
  const files = {
    'pwn.ts':
      `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(mark)}, '');\nexport default ` +
      '{};\n',
    'tsconfig.json': JSON.stringify({
      compilerOptions: { baseUrl: '.', paths: { picocolors: ['./pwn.ts'], yaml: ['./pwn.ts'], ajv: ['./pwn.ts'] } },
    }),
    'package.json': JSON.stringify({
      type: 'module',
      imports: { '#x': './pwn.ts' },
      scripts: { postinstall: 'node pwn.ts' },
    }),
    '.npmrc': 'node-options=--require ./pwn.cjs\n',
    '.env': 'NODE_OPTIONS=--require=./pwn.cjs\n',
    'pwn.cjs': hostile,
    'node_modules/yaml/index.js': hostile,
    'node_modules/yaml/package.json': '{"main": "index.js"}',
    'node_modules/tsx/package.json': '{"main": "index.js"}',
    'node_modules/tsx/index.js': hostile,
    'sitecustomize.py': `open(${JSON.stringify(mark)}, 'w')`,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const [cwd, argv] of [
    [root, ['validate']],
    [root, ['compile']],
    ['/', ['-C', root, 'validate']],
  ] as const) {
    const { status, stderr } = spawnSync(process.execPath, [MLOPS, ...argv], { cwd, encoding: 'utf8' });
    assert.is(status, 0, stderr);
    assert.not.ok(existsSync(mark), `${argv.join(' ')} in ${cwd}`);
  }
});

test.run();
