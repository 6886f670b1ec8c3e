/** A commit is read as its work tree is, and nothing that a repository holds or states runs, hangs, or is obeyed. */
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GitProblem, Repository } from '../source/git.ts';
import { readSources, type Sources } from '../source/read.ts';
import { GitRepository } from './git-repository.ts';
import { soundPlatforms } from './platforms.ts';

/** With files that are refused, left out, or no specs. */
const awkward = (here: GitRepository): void => {
  here.write([
    ['features/.hidden.yaml', 'kind: Entity\n'],
    ['features/node_modules/x/entity.yaml', 'kind: Entity\n'],
    ['features/notes.txt', 'nothing'],
    ['features/empty.yaml', ''],
    ['pipelines/large/big.yaml', `# ${'x'.repeat(2 ** 20)}\n`],
    ['pipelines/large/latin.py', Buffer.from([0x23, 0xe9, 0x0a])],
    ['pipelines/large/requirements.lock', 'numpy==2.0.0\n'],
    [`models/${'deep/'.repeat(20)}model.yaml`, 'kind: Model\n'],
  ]);
  mkdirSync(join(here.root, 'elsewhere/folder'), { recursive: true });
  here.write([['elsewhere/folder/entity.yaml', 'kind: Entity\n']]);
  symlinkSync('../elsewhere/folder', join(here.root, 'features/linked'));
  symlinkSync('../elsewhere/folder/entity.yaml', join(here.root, 'features/linked.yaml'));
  symlinkSync('nowhere', join(here.root, 'features/dangling'));
  writeFileSync(Buffer.concat([Buffer.from(`${here.root}/features/`), Buffer.from([0xff]), Buffer.from('.yaml')]), 'x');
};

const plain = ({ specs, code, unreadCode, locks }: Sources) => ({
  specs: specs.map(({ path, bytes, refused }) => [path, Buffer.from(bytes).toString('base64'), refused]),
  code: [...code],
  unreadCode: [...unreadCode],
  locks: [...locks],
});

async function read(here: GitRepository, name = 'HEAD', folder = ''): Promise<Sources> {
  const repository = await Repository.at(join(here.root, folder));
  const commit = await repository.commit(name);
  assert.ok(commit);
  return repository.sources(commit.id);
}

test('a commit is read as the work tree that holds just it: in a subfolder, too, and by either digest', async () => {
  for (const [name, folder, format] of [
    ['fraud', '', 'sha1'],
    ['flights', 'deep/inside/', 'sha1'],
    ['shop', '', 'sha256'],
  ] as const) {
    const here = new GitRepository(`--object-format=${format}`);
    const files = soundPlatforms().find((each) => each.name === name)?.files ?? new Map();
    here.write([...files].map(([path, text]) => [folder + path, text] as const));
    if (folder === '') awkward(here);
    here.commit();
    const sources = await read(here, 'HEAD', folder);
    assert.equal(plain(sources), plain(readSources(join(here.root, folder))), name);
    assert.ok(sources.specs.length > 5);
    here.remove();
  }
});

/** Of each program that git may start: it leaves a mark. */
const hostile = (here: GitRepository, canary: string): void => {
  const run = join(here.root, 'run.sh');
  writeFileSync(run, `#!/bin/sh\ntouch ${canary}\ncat\n`);
  chmodSync(run, 0o755);
  const settings = {
    ...{ 'core.fsmonitor': run, 'core.pager': run, 'core.editor': run, 'core.sshCommand': run, 'core.gitProxy': run },
    ...{ 'core.hooksPath': join(here.root, 'hooks'), 'core.alternateRefsCommand': run, 'core.askPass': run },
    ...{ 'pager.show': 'true', 'pager.ls-tree': run, 'pager.rev-list': run, 'pager.cat-file': run },
    ...{ 'alias.rev-parse': `!${run}`, 'alias.cat-file': `!${run}`, 'alias.ls-tree': `!${run}` },
    ...{ 'filter.evil.smudge': run, 'filter.evil.clean': run, 'filter.evil.process': run, 'diff.evil.textconv': run },
    ...{ 'diff.external': run, 'gpg.program': run, 'log.showSignature': 'true', 'credential.helper': `!${run}` },
    ...{ 'remote.origin.url': `ext::${run}`, 'remote.origin.promisor': 'true', 'protocol.ext.allow': 'always' },
    ...{ 'remote.origin.uploadpack': run, 'remote.origin.partialclonefilter': 'blob:none', 'protocol.allow': 'always' },
    ...{ 'extensions.partialClone': 'origin', 'core.repositoryFormatVersion': '1', 'uploadpack.packObjectsHook': run },
  };
  for (const [key, value] of Object.entries(settings)) here.git('config', key, value);
  mkdirSync(join(here.root, 'hooks'));
  for (const hook of ['post-checkout', 'reference-transaction', 'post-index-change', 'pre-auto-gc']) {
    writeFileSync(join(here.root, 'hooks', hook), `#!/bin/sh\ntouch ${canary}\n`);
    chmodSync(join(here.root, 'hooks', hook), 0o755);
  }
  writeFileSync(join(here.root, '.git/info/attributes'), '* filter=evil diff=evil working-tree-encoding=UTF-16\n');
};

test('no program that a repository names is run, and none of its settings or attributes changes a byte', async () => {
  const here = new GitRepository();
  const canary = join(here.root, 'canary');
  const files = soundPlatforms().find(({ name }) => name === 'fraud')?.files ?? new Map();
  here.write([...files, ['.gitattributes', '* filter=evil diff=evil ident eol=crlf export-ignore export-subst\n']]);
  here.commit();
  const expected = plain(await read(here));
  const blob = here.git('rev-parse', 'HEAD:platform.yaml');
  here.git('replace', blob, here.feed('kind: Platform\n', 'hash-object', '-w', '--stdin'));
  hostile(here, canary);
  assert.equal(plain(await read(here)), expected);
  const repository = await Repository.at(here.root);
  await repository.lastChanges({ id: here.git('rev-parse', 'HEAD'), name: 'HEAD' }, ['platform.yaml']);
  const lost = here.git('rev-parse', 'HEAD:features/cards/card.yaml');
  rmSync(join(here.root, '.git/objects', lost.slice(0, 2), lost.slice(2)));
  for (const name of ['HEAD', 'main'])
    await read(here, name).then(
      () => assert.unreachable('an object is missing'),
      (problem) => assert.instance(problem, GitProblem),
    );
  assert.not.ok(existsSync(canary), 'something was executed');
  here.remove();
});

test('a tree that holds itself a thousand times over is refused, and a submodule is named', async () => {
  const here = new GitRepository();
  const blob = here.feed('kind: Entity\ntype: string\n', 'hash-object', '-w', '--stdin');
  let tree = here.feed(`100644 blob ${blob}\ta.yaml\n`, 'mktree');
  const ten = (id: string): string => [...'0123456789'].map((name) => `040000 tree ${id}\t${name}\n`).join('');
  for (let level = 0; level < 12; level += 1) tree = here.feed(ten(tree), 'mktree');
  const bomb = here.feed(`040000 tree ${tree}\tfeatures\n`, 'mktree');
  const commit = here.feed('', 'commit-tree', bomb, '-m', 'bomb');
  await read(here, commit).then(
    () => assert.unreachable('the tree has no end'),
    ({ message }) => assert.match(message, /more files than a repository of specs can hold/),
  );
  const inner = here.feed(`160000 commit ${commit}\tother\n`, 'mktree');
  const outer = here.feed(`040000 tree ${inner}\tfeatures\n`, 'mktree');
  const { specs } = await read(here, here.feed('', 'commit-tree', outer, '-m', 'submodule'));
  assert.equal(
    specs.map(({ path, refused }) => [path, refused]),
    [['features/other', 'it is a submodule, whose files the commit does not hold']],
  );
  here.remove();
});

test.run();
