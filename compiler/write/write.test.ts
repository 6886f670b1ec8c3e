import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Artifact } from '../render/artifact.ts';
import { readGenerated, writeGenerated } from './folder.ts';
import { withRepositoryLock } from './lock.ts';
import { isCurrent, planWrite } from './plan.ts';
import { WriteRefused } from './refused.ts';

interface Scene {
  root: string;
}

const test = suite<Scene>('the writer');

test.before.each((scene) => {
  scene.root = mkdtempSync(join(tmpdir(), 'writer-'));
});
test.after.each(({ root }) => rmSync(root, { recursive: true, force: true }));

const artifact = (path: string, content: string): Artifact => ({ path, content, origin: null });
const one = [artifact('common/a.txt', 'a\n'), artifact('local/b.txt', 'b\n')];
const plan = (root: string, artifacts: Artifact[]) => planWrite(artifacts, readGenerated(root, artifacts));
const write = (root: string, artifacts: Artifact[]) => writeGenerated(root, plan(root, artifacts));
const read = (root: string, path: string) => readFileSync(join(root, 'generated', path), 'utf8');

test('writes every file, and a list of them per spec that they are made of', ({ root }) => {
  const ofSpec = { ...artifact('local/c.txt', 'c\n'), origin: 'features/c.yaml' };
  write(root, [...one, ofSpec]);
  assert.is(read(root, 'common/a.txt'), 'a\n');
  const listed = (path: string) => JSON.parse(read(root, `.manifest/${path}`)).files;
  assert.equal(listed('shared.json'), ['common/a.txt', 'local/b.txt']);
  assert.equal(listed('features/c.yaml.json'), ['local/c.txt']);
  assert.ok(isCurrent(plan(root, [...one, ofSpec])));
  write(root, one);
  assert.not.ok(existsSync(join(root, 'generated/.manifest/features')), 'of a spec that is gone nothing is left');
});

test('what a compiler before this one wrote is known as ours by its one list, which goes', ({ root }) => {
  const files = ['common/old.txt', 'common/a.txt'].map((path) => ({ path, digest: 'sha256:0', origin: null }));
  mkdirSync(join(root, 'generated/common'), { recursive: true });
  for (const path of ['common/old.txt', 'common/mine.txt']) writeFileSync(join(root, 'generated', path), 'x');
  writeFileSync(join(root, 'generated/manifest.json'), JSON.stringify({ format: 1, files }));
  write(root, one);
  for (const path of ['manifest.json', 'common/old.txt'])
    assert.not.ok(existsSync(join(root, 'generated', path)), path);
  assert.is(read(root, 'common/mine.txt'), 'x');
});

test('a spec whose name is as long as names may be has its list, too', ({ root }) => {
  const named = { ...artifact('local/c.txt', 'c\n'), origin: `features/${'ä'.repeat(125)}.yaml` };
  write(root, [named]);
  assert.ok(isCurrent(plan(root, [named])));
  write(root, one);
  assert.not.ok(existsSync(join(root, 'generated/local/c.txt')));
});

test('leaves unchanged files untouched, to the inode', ({ root }) => {
  write(root, one);
  const before = statSync(join(root, 'generated/common/a.txt'));
  write(root, [artifact('common/a.txt', 'a\n'), artifact('local/b.txt', 'other\n')]);
  const after = statSync(join(root, 'generated/common/a.txt'));
  assert.equal([after.ino, after.mtimeMs], [before.ino, before.mtimeMs]);
  assert.is(read(root, 'local/b.txt'), 'other\n');
});

test('deletes only what the manifest owns, and keeps and names foreign files', ({ root }) => {
  write(root, one);
  writeFileSync(join(root, 'generated/common/mine.txt'), 'mine\n');
  const next = plan(root, [artifact('local/b.txt', 'b\n')]);
  assert.equal(next.obsolete, ['common/a.txt']);
  assert.equal(next.foreign, ['common/mine.txt']);
  writeGenerated(root, next);
  assert.not.ok(existsSync(join(root, 'generated/common/a.txt')));
  assert.is(read(root, 'common/mine.txt'), 'mine\n');
});

test('names what is stale, missing and foreign', ({ root }) => {
  write(root, one);
  writeFileSync(join(root, 'generated/common/a.txt'), 'edited by hand\n');
  rmSync(join(root, 'generated/local/b.txt'));
  writeFileSync(join(root, 'generated/stray.txt'), '');
  const { stale, missing, foreign } = plan(root, one);
  assert.equal(
    { stale, missing, foreign },
    { stale: ['common/a.txt'], missing: ['local/b.txt'], foreign: ['stray.txt'] },
  );
});

test('refuses to follow a link out of generated/', ({ root }) => {
  mkdirSync(join(root, 'generated'));
  mkdirSync(join(root, 'elsewhere'));
  symlinkSync(join(root, 'elsewhere'), join(root, 'generated/common'));
  assert.throws(
    () => write(root, one),
    (problem: unknown) => problem instanceof WriteRefused && /symbolic link/.test(problem.message),
  );
  assert.equal(readdirSync(join(root, 'elsewhere')), []);
});

test('refuses a generated/ that is itself a link', ({ root }) => {
  mkdirSync(join(root, 'elsewhere'));
  symlinkSync(join(root, 'elsewhere'), join(root, 'generated'));
  assert.throws(
    () => write(root, one),
    (problem: unknown) => problem instanceof WriteRefused,
  );
});

test('leaves the old folder whole when the new one cannot be built', ({ root }) => {
  write(root, one);
  const impossible = [artifact('common/a.txt', 'new\n'), artifact('common/a.txt/below', 'a file is no folder\n')];
  assert.throws(() => write(root, impossible));
  assert.is(read(root, 'common/a.txt'), 'a\n');
  assert.equal(readdirSync(root), ['generated']);
});

test('recovers from a crash between the two renames of the swap', ({ root }) => {
  write(root, one);
  renameSync(join(root, 'generated'), join(root, '.generated.old'));
  mkdirSync(join(root, '.generated.new'));
  assert.ok(isCurrent(plan(root, one)));
  write(root, [artifact('common/a.txt', 'new\n')]);
  assert.is(read(root, 'common/a.txt'), 'new\n');
  assert.equal(readdirSync(root), ['generated']);
});

const refusal = (work: () => void): string => {
  try {
    work();
  } catch (problem) {
    if (problem instanceof WriteRefused) return problem.message;
    throw problem;
  }
  return '';
};

test('a full folder where a file must be, and a file where a folder must be, are kept and named', ({ root }) => {
  write(root, one);
  rmSync(join(root, 'generated/common/a.txt'));
  mkdirSync(join(root, 'generated/common/a.txt'));
  writeFileSync(join(root, 'generated/common/a.txt/mine.txt'), 'mine\n');
  assert.match(
    refusal(() => write(root, one)),
    /^generated\/common\/a\.txt\/mine\.txt is not ours, and stands where/,
  );
  assert.is(read(root, 'common/a.txt/mine.txt'), 'mine\n');
  rmSync(join(root, 'generated/local'), { recursive: true });
  writeFileSync(join(root, 'generated/local'), 'mine\n');
  rmSync(join(root, 'generated/common/a.txt'), { recursive: true });
  assert.match(
    refusal(() => write(root, one)),
    /^generated\/local is not ours/,
  );
  assert.is(read(root, 'local'), 'mine\n');
});

test('an empty folder where a file must be is in nobody’s way', ({ root }) => {
  mkdirSync(join(root, 'generated/common/a.txt'), { recursive: true });
  write(root, one);
  assert.is(read(root, 'common/a.txt'), 'a\n');
});

test('a lock that came with the repository holds nobody up, and is no way out of it', ({ root }) => {
  mkdirSync(join(root, '.generated.lock'));
  for (const ticket of ['000000000001-1', '000000000001-4194303', '000000000002-1', '999999999999-1', 'choosing-1'])
    writeFileSync(join(root, '.generated.lock', ticket), '');
  assert.is(
    withRepositoryLock(root, () => 'done'),
    'done',
  );
  assert.equal(readdirSync(root), []);
  mkdirSync(join(root, 'elsewhere'));
  symlinkSync('elsewhere', join(root, '.generated.lock'));
  assert.match(
    refusal(() => withRepositoryLock(root, () => {})),
    /^\.generated\.lock is not a folder/,
  );
  assert.equal(readdirSync(join(root, 'elsewhere')), []);
});

test.run();
