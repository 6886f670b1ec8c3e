/** `mlops commit`, on a GitHub on this machine whose branches, trees and commits are a repository's. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../compiler/cli.ts';
import { version } from '../compiler/product/product.ts';
import { GitRepository } from '../compiler/test/git-repository.ts';
import { soundPlatforms } from '../compiler/test/platforms.ts';
import { GitData } from './github/git-data.ts';
import { type Asked, GitHubStandIn, type Reply, type StoredPull } from './github/stand-in.ts';

const FRAUD = soundPlatforms().find(({ name }) => name === 'fraud')?.files ?? new Map<string, string>();
const PROFILE = 'features/cards/card_profile.yaml';
const PACKAGE = '{"dependencies": {"mlops-compiler": "0.1.0"}}\n';
const QUIET = { out() {}, err() {} };
const WRITES = ['git/create-tree', 'git/create-commit', 'git/update-ref'];
/** They outrank those of a branch: what is compiled, and held against the result, are bytes as they are. */
const PLAIN = '* -text !eol !ident !filter !working-tree-encoding\n';

let base: GitRepository;
test.before(async () => {
  base = new GitRepository();
  base.write([...FRAUD, ['package.json', PACKAGE]]);
  assert.is(await main(['-C', base.root, 'compile'], QUIET), 0);
  base.commit('Begin');
});
test.after(() => base.remove());

/** Main is checked out; the branch's commit is there as data, and at the origin. */
interface Scene {
  repository: GitRepository;
  hub: GitHubStandIn;
  data: GitData;
  origin: string;
  branch: string;
  head: string;
}

type Edit = (repository: GitRepository) => void;

const shorter: Edit = ({ root }) => {
  const text = readFileSync(join(root, PROFILE), 'utf8');
  assert.match(text, 'ttl: 30d');
  writeFileSync(join(root, PROFILE), text.replace('ttl: 30d', 'ttl: 20d'));
};

async function on(edit: Edit, play: (scene: Scene) => Promise<unknown>, branch = 'topic'): Promise<void> {
  const repository = new GitRepository();
  const hub = new GitHubStandIn();
  const origin = join(repository.root, '.git', 'origin.git');
  try {
    repository.git('pull', '--quiet', base.root, 'main');
    const begin = repository.git('rev-parse', 'HEAD');
    edit(repository);
    const head = repository.commit('A change of a spec');
    repository.git('reset', '--quiet', '--hard', begin);
    repository.git('clone', '--quiet', '--bare', repository.root, origin);
    repository.git('push', '--quiet', origin, `${head}:refs/heads/${branch}`);
    const data = new GitData(origin);
    data.writers = ['ada'];
    hub.data = data;
    hub.pulls = [{ number: 7, head, base: begin, author: 'ada', branch }];
    await hub.start();
    await play({ repository, hub, data, origin, branch, head });
    assert.equal(hub.problems, [], "as GitHub's description has it");
    assert.is(repository.git('rev-parse', 'HEAD'), begin, 'what is checked out stays so');
    assert.is(repository.git('status', '--porcelain'), '');
    assert.is(data.tip('main'), begin, 'main is as it was');
  } finally {
    hub.stop();
    repository.remove();
  }
}

async function committed({ repository, hub }: Scene, head: string): Promise<{ exit: number; said: string }> {
  let said = '';
  const say = (text: string): void => {
    said += text;
  };
  const variables = { GITHUB_TOKEN: 'ghs_canary', GITHUB_API_URL: hub.url, GITHUB_REPOSITORY: 'acme-bank/ml' };
  try {
    Object.assign(process.env, variables);
    const exit = await main(['-C', repository.root, 'commit', '--head', head], { out: say, err: say });
    assert.not.match(said, /ghs_canary|this is a bug|\n {4}at /, said);
    return { exit, said };
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
}

/** Nothing is written anywhere, and this is why. */
async function requireLeft(scene: Scene, why: RegExp | string, exit = 0): Promise<void> {
  const done = await committed(scene, scene.head);
  assert.match(done.said, why);
  assert.is(done.exit, exit, done.said);
  for (const each of WRITES) assert.is(scene.hub.of(each).length, 0, each);
  assert.is(scene.data.tip(scene.branch), scene.head);
}

const ask = ({ origin, repository }: Scene, ...words: string[]): string =>
  repository.git('--git-dir', origin, ...words);

/** The tree of the commit after a compile in a checkout of it. */
async function cleanTree({ origin }: Scene, head: string): Promise<string> {
  const checkout = new GitRepository();
  try {
    checkout.write([['.git/info/attributes', PLAIN]]);
    checkout.git('fetch', '--quiet', origin, head);
    checkout.git('reset', '--quiet', '--hard', head);
    assert.is(await main(['-C', checkout.root, 'compile'], QUIET), 0);
    checkout.git('add', '--all', '--force', 'generated');
    return checkout.git('write-tree');
  } finally {
    checkout.remove();
  }
}

/** One commit on top of the head, and in it what a clean compile gives. */
async function requireOneCommit(scene: Scene): Promise<string> {
  const { head, branch, data } = scene;
  const { exit, said } = await committed(scene, head);
  assert.is(exit, 0, said);
  const tip = data.tip(branch) ?? '';
  assert.is(ask(scene, 'rev-list', '--parents', '--max-count=1', tip), `${tip} ${head}`, said);
  assert.is(ask(scene, 'rev-parse', `${tip}^{tree}`), await cleanTree(scene, head));
  const changed = ask(scene, 'diff-tree', '-r', '--name-only', head, tip).split('\n');
  assert.ok(
    changed.every((path) => path.startsWith('generated/')),
    changed.join(' '),
  );
  assert.match(said, `is at ${tip.slice(0, 12)} now`);
  return tip;
}

test('a branch with stale output gets one commit of what a clean compile gives, by whoever the token is of', () =>
  on(
    (repository) => {
      shorter(repository);
      rmSync(join(repository.root, 'models/merchant_volume'), { recursive: true });
      repository.write([['generated/common/notes.txt', 'not of the compiler\n']]);
    },
    async (scene) => {
      const tip = await requireOneCommit(scene);
      const [author, ...message] = ask(scene, 'log', '--max-count=1', '--format=%an%n%B', tip).split('\n');
      assert.is(author, 'github-actions[bot]');
      assert.match(message[0] ?? '', /^Compile the specs: \d+ files of generated\/$/);
      assert.match(message.join(' '), `mlops-compiler ${version()} has compiled the specs of ${scene.head}`);
      assert.match(message.join(' '), /\d+ changed, \d+ deleted/);
      const gone = ask(scene, 'diff-tree', '-r', '--name-status', scene.head, tip).match(/^D\t.*/gm) ?? [];
      assert.match(gone.join('\n'), 'merchant_volume');
      assert.is(ask(scene, 'show', `${tip}:generated/common/notes.txt`), 'not of the compiler');
      assert.is(scene.hub.of('git/update-ref')[0]?.body['force'], false);
    },
  ));

test('the commit that it made does not make it commit again', () =>
  on(shorter, async (scene) => {
    const tip = await requireOneCommit(scene);
    scene.repository.git('fetch', '--quiet', scene.origin, tip);
    const { exit, said } = await committed(scene, tip);
    assert.match(said, `generated/ of ${tip.slice(0, 12)} is current: there is nothing to commit.`);
    assert.is(exit, 0);
    assert.is(scene.hub.of('git/create-commit').length, 1);
    assert.is(scene.data.tip(scene.branch), tip);
  }));

test('a branch without any output gets all of it, in several requests and one commit', () =>
  on(
    ({ root }) => rmSync(join(root, 'generated'), { recursive: true }),
    async (scene) => {
      await requireOneCommit(scene);
      assert.ok(scene.hub.of('git/create-tree').length > 1);
    },
  ));

test('a folder takes the place of a file of ours', () =>
  on(({ root }) => {
    rmSync(join(root, 'generated/common/feast'), { recursive: true });
    writeFileSync(join(root, 'generated/common/feast'), 'once a file of the compiler\n');
    writeFileSync(join(root, 'generated/.manifest/old.json'), '{"format": 2, "files": ["common/feast"]}');
  }, requireOneCommit));

test('a branch of a fork, also of one that is gone, is left alone', () =>
  on(shorter, async (scene) => {
    const { branch: _, ...pull } = scene.hub.pulls[0] as StoredPull;
    for (const fork of [pull, { ...pull, branch: null }]) {
      scene.hub.pulls = [fork];
      await requireLeft(scene, '#7: nothing is committed: its branch is of another repository');
    }
    // GitHub gives none for a repository that is gone; its description does not know that.
    assert.equal(scene.hub.problems.splice(0), ['data/0/head/repo must be object']);
  }));

test('main, a protected branch, and one that its author may not push to, are left alone', () =>
  on(shorter, async (scene) => {
    scene.data.protectedBranches = ['topic'];
    await requireLeft(scene, '#7: nothing is committed: topic is protected.');
    scene.data.protectedBranches = [];
    scene.data.writers = [];
    await requireLeft(scene, 'nothing is committed: @ada, who opened it, may not push to topic.');
    scene.data.writers = ['ada'];
    for (const pull of scene.hub.pulls) pull.branch = 'main';
    await requireLeft(scene, 'nothing is committed: main is changed by pull requests alone.');
  }));

test('specs with errors are not committed, whatever is stale', () =>
  on(
    (repository) => {
      shorter(repository);
      repository.write([['features/cards/odd.yaml', 'feature_view: {entity: nobody}\n']]);
    },
    (scene) => requireLeft(scene, /\d+ errors? in [0-9a-f]{12}: what does not compile is not committed\./, 1),
  ));

/** Somebody else's commit on top of this one. */
function pushed(scene: Scene): string {
  const words = ['commit-tree', `${scene.head}^{tree}`, '-p', scene.head, '-m', 'Meanwhile'];
  const id = ask(scene, ...words);
  ask(scene, 'update-ref', `refs/heads/${scene.branch}`, id);
  return id;
}

const before = (operation: string, act: () => void) => {
  let isDone = false;
  return (asked: Asked): Reply | null => {
    if (asked.operation === operation && !isDone) act();
    isDone ||= asked.operation === operation;
    return null;
  };
};

test('a branch that has moved meanwhile is left where it is, and that is said', async () => {
  for (const operation of ['pulls/list', 'git/create-tree', 'git/create-commit', 'git/update-ref'])
    await on(shorter, async (scene) => {
      let other = '';
      scene.hub.fault = before(operation, () => {
        other = pushed(scene);
      });
      const { exit, said } = await committed(scene, scene.head);
      assert.match(said, /topic has moved meanwhile/, operation);
      assert.is(exit, 0, said);
      assert.is(scene.data.tip('topic'), other, operation);
    });
});

test('a branch that was taken back meanwhile, or deleted, does not come again', async () => {
  for (const words of [
    ['update-ref', 'refs/heads/topic', 'refs/heads/main'],
    ['update-ref', '-d', 'refs/heads/topic'],
  ])
    await on(shorter, async (scene) => {
      scene.hub.fault = before('git/create-commit', () => void ask(scene, ...words));
      const { said } = await committed(scene, scene.head);
      assert.match(said, 'topic has moved meanwhile, so nothing is committed');
      assert.is(scene.data.tip('topic'), words.includes('-d') ? null : scene.data.tip('main'));
      assert.is(scene.hub.of('git/update-ref').length, 0);
    });
});

test('a branch whose name is a command, a path or an address is that branch and no other', async () => {
  const command = ['a/$(touch$', '{IFS}canary);`id`'].join('');
  for (const name of [command, 'heads/main', 'x%2f%2e%2e%2fmain', 'é#main&force=true'])
    await on(shorter, requireOneCommit, name);
});

/** Entries that a work tree would not hold are committed from the index alone. */
const withEntry =
  (path: string, mode: string, content = '../features'): Edit =>
  (repository) => {
    shorter(repository);
    rmSync(join(repository.root, path), { recursive: true, force: true });
    const id = mode === '160000' ? '1'.repeat(40) : repository.feed(content, 'hash-object', '-w', '--stdin');
    repository.git('add', '--all', '--force');
    repository.git('update-index', '--add', '--cacheinfo', `${mode},${id},${path}`);
    repository.commit = (message = '') => {
      repository.git('commit', '--quiet', '--no-verify', '--message', message);
      return repository.git('rev-parse', 'HEAD');
    };
  };

test('nothing is written where the branch has a link, a submodule or a file in place of a folder', async () => {
  for (const path of ['generated', 'generated/common', 'generated/.manifest/shared.json', 'generated/common/x'])
    await on(withEntry(path, '120000'), (scene) =>
      requireLeft(scene, `mlops: ${path} is a symbolic link in that commit; nothing is written there.`, 1),
    );
  for (const mode of ['160000', '100644'])
    await on(withEntry('generated', mode), (scene) => requireLeft(scene, 'generated is not a regular file', 1));
});

test('attributes of the branch change no byte of what is committed', async () => {
  const all = '* text eol=crlf ident filter=evil working-tree-encoding=UTF-16\n';
  for (const path of ['.gitattributes', 'generated/.gitattributes'])
    await on(withEntry(path, '100644', all), requireOneCommit);
});

test('what another version of the compiler has to write is left to it', async () => {
  const lock = JSON.stringify({ packages: { 'node_modules/mlops-compiler': { version: '0.2.0' } } });
  const brings =
    (path: string, text: string): Edit =>
    (repository) => {
      shorter(repository);
      repository.write([[path, text]]);
    };
  for (const edit of [brings('package.json', PACKAGE.replace('0.1.0', '0.2.0')), brings('package-lock.json', lock)])
    await on(edit, (scene) => requireLeft(scene, 'is compiled by another version of the compiler than this one'));
  await on(brings('package.json', PACKAGE.replace('{', '{"scripts": {"x": "y"}, ')), requireOneCommit);
});

test('a refusal of GitHub is a sentence, and leaves the branch as it was', async () => {
  const forbidden = { status: 403, body: { message: 'Resource not accessible by integration' } };
  const documentation_url = 'https://x.example';
  const rule = { status: 422, body: { message: 'Repository rule violations found', documentation_url } };
  for (const [operation, reply, why] of [
    ['git/create-tree', forbidden, 'The token may not write the files; it needs `contents: write`.'],
    ['git/update-ref', rule, 'GitHub refuses to move the branch to the new commit (422): Repository rule violations'],
  ] as const)
    await on(shorter, async (scene) => {
      scene.hub.fault = (asked) => (asked.operation === operation ? reply : null);
      const { exit, said } = await committed(scene, scene.head);
      assert.match(said, why);
      assert.is(exit, 1);
      assert.is(scene.data.tip('topic'), scene.head);
    });
});

test.run();
