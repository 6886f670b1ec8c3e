/**
 * The workflows that answer pull requests, played on forks that want more: their `run:` steps, taken from the YAML and
 * executed with the package, a repository of GitHub's and a token of no worth. `npm test` plays those forks that tell
 * most; with `TIMES=2` it is all of them.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../../compiler/cli.ts';
import { GitRepository } from '../../compiler/test/git-repository.ts';
import { TIMES } from '../../compiler/test/runs.ts';
import { requireTame } from '../../compiler/test/tame.ts';
import { inParallel } from '../../scripts/testing/in-parallel.ts';
import { GitData } from '../github/git-data.ts';
import { GitHubStandIn } from '../github/stand-in.ts';
import type { Fork } from './forks/fork.ts';
import { FORKS } from './forks/forks.ts';
import { installPacked, type Packed, ROOT } from './packed.ts';
import { hasToken, jobsOf, play, SERVER, type Step, stepsOf, TOKEN, writePrograms } from './workflow.ts';

interface Scene {
  packed: Packed;
  place: string;
  /** A team's repository, by `mlops init`. */
  base: string;
  origin: string;
}

const test = suite<Scene>('pull requests from forks');

test.before(async (context) => {
  context.packed = await installPacked();
  context.place = mkdtempSync(join(tmpdir(), 'mlops-forks-'));
  const team = join(context.place, 'team');
  const printed = { out() {}, err() {} };
  assert.is(await main(['-C', context.place, 'init', 'team', '--example', '--name', 'shop'], printed), 0);
  const repository = new GitRepository();
  cpSync(team, repository.root, { recursive: true });
  writeFileSync(join(repository.root, 'package-lock.json'), '{"lockfileVersion": 3}\n');
  repository.commit('Begin');
  context.base = repository.root;
  context.origin = join(context.place, 'origin.git');
  repository.git('clone', '--quiet', '--bare', repository.root, context.origin);
  repository.git('-C', context.origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  writePrograms(join(context.place, 'programs'), context.packed);
});
test.after(({ packed, place, base }) => {
  packed?.remove();
  for (const folder of [place, base]) if (folder) rmSync(folder, { recursive: true, force: true });
});

const textsBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'));

interface Opened {
  room: string;
  /** A file that nobody may make. */
  canary: string;
  work: string;
  env: Record<string, string>;
  main: string;
  head: string;
}

/** A fork's commit, as it stands in the repository that a pull request is opened in. */
function opened({ place, base, origin }: Scene, fork: Fork, number: number): Opened {
  const room = join(place, `pull-${number}`);
  const [canary, work, home] = [join(room, 'canary'), join(room, 'work'), join(room, 'home')];
  for (const folder of [room, home]) mkdirSync(folder);
  const repository = new GitRepository();
  try {
    repository.git('pull', '--quiet', base, 'main');
    const main = repository.git('rev-parse', 'HEAD');
    fork.make(repository, canary);
    commitAll(repository);
    const isOdd = repository.git('for-each-ref', 'refs/heads/odd') !== '';
    const head = repository.git('rev-parse', isOdd ? 'odd' : 'HEAD');
    repository.git('push', '--quiet', origin, `${head}:refs/pull/${number}/head`);
    const PATH = `${join(place, 'programs')}${delimiter}${process.env['PATH']}`;
    const env = { PATH, HOME: home, TMPDIR: home, CI: 'true', GITHUB_SERVER_URL: SERVER, GITHUB_REPOSITORY: 'shop/ml' };
    return { room, canary, work, env, main, head };
  } finally {
    repository.remove();
  }
}

/** With what stands in the index alone, or with all files of the work tree. */
function commitAll(repository: GitRepository): void {
  if (repository.git('write-tree') === repository.git('rev-parse', 'HEAD^{tree}'))
    repository.git('add', '--all', '--force');
  const words = [repository.git('write-tree'), '-p', 'HEAD'];
  repository.git('update-ref', 'HEAD', repository.feed('@octocat </details> #1', 'commit-tree', ...words));
}

const event = 'github.event.workflow_run';

/** `review`, on main. */
async function reviewed(scene: Scene, fork: Fork, pull: Opened, hub: GitHubStandIn, steps: readonly Step[]) {
  const { main, work, head, canary } = pull;
  const sha = fork.sha?.(canary).replace('HEAD', main) ?? head;
  const words = { [`${event}.head_sha`]: sha, [`${event}.head_branch`]: fork.branch ?? 'x', 'github.token': TOKEN };
  const env = { ...pull.env, GITHUB_API_URL: await hub.start() };
  return await play(steps, { origin: scene.origin, commit: main, work, env, words });
}

/** One pull request: what is said on it, and that nothing else has happened. */
async function requireAnswer(scene: Scene, fork: Fork, number: number, steps: readonly Step[]): Promise<void> {
  const pull = opened(scene, fork, number);
  const hub = new GitHubStandIn();
  hub.pulls = [{ number, head: pull.head, base: pull.main, author: 'mallory' }];
  hub.comments = [{ id: 1, issue: number, login: 'mallory', body: '<!-- mlops review -->\n\nall is well' }];
  try {
    const { exit, output } = await reviewed(scene, fork, pull, hub, steps);
    const ours = hub.comments.filter(({ login }) => login === hub.login);
    const told = `${fork.name}: exit ${exit}\n${output}\n${ours.map(({ body }) => body.slice(0, 600)).join('\n')}`;
    assert.is(ours.length, fork.refused ? 0 : 1, told);
    assert.match(fork.refused ? output : (ours[0]?.body ?? ''), fork.refused ?? fork.says, told);
    if (!fork.refused) assert.is(exit, 0, told);
    for (const { body } of ours) requireTame(body);
    assert.not.match(output, /^(::|##\[)/m, told);
    assert.not.match(output, /\n {4}at |this is a bug/, told);
    assert.equal(hub.problems, [], told);
    assert.is(hub.comments[0]?.body, '<!-- mlops review -->\n\nall is well', told);
    for (const { authorization } of hub.asked) assert.is(authorization, `token ${TOKEN}`, told);
    requireUntouched(pull, [output, JSON.stringify(hub.asked.map(({ body }) => body))], told);
  } finally {
    hub.stop();
    rmSync(pull.room, { recursive: true, force: true });
  }
}

/** Main's files as they were, no token anywhere, nothing run. */
function requireUntouched({ room, canary, work, main, env }: Opened, said: readonly string[], told: string): void {
  const git = new GitRepository();
  try {
    assert.is(git.git('-C', work, 'rev-parse', 'HEAD'), main, told);
    assert.is(git.git('-C', work, 'status', '--porcelain'), '', told);
  } finally {
    git.remove();
  }
  const written = [...textsBelow(env['HOME'] ?? ''), ...textsBelow(join(work, '.git')), ...said];
  for (const text of written) assert.not.ok(hasToken(text), `${told}: the token`);
  const never = [canary, `${canary}.env`, join(work, 'canary'), join(work, 'escaped.yaml'), join(room, 'escaped.yaml')];
  for (const path of never) assert.not.ok(existsSync(path), `${told}: ${path}`);
}

const problemOf = (work: () => void): string => {
  try {
    work();
    return 'none';
  } catch (problem) {
    return (problem as Error).message;
  }
};

const forkNamed = (name: string): Fork => {
  const found = FORKS.find((each) => each.name === name);
  assert.ok(found, name);
  return found;
};

const workflow = (base: string, name: string): string => join(base, '.github/workflows', `${name}.yaml`);

test('none runs anything, writes elsewhere, reads the token or is heard in a comment', async (scene) => {
  const steps = stepsOf(workflow(scene.base, 'review'), 'review');
  assert.equal(
    jobsOf(workflow(ROOT, 'review')),
    jobsOf(workflow(scene.base, 'review')),
    "ours and a team's are the same",
  );
  assert.ok(FORKS.length >= 40, String(FORKS.length));
  const forks = FORKS.filter(({ always }) => always || TIMES > 1);
  const failures: string[] = [];
  await inParallel([...forks.entries()], 2, async ([index, fork]) => {
    try {
      await requireAnswer(scene, fork, index + 1, steps);
    } catch (problem) {
      failures.push(`${fork.name}: ${(problem as Error).message}`);
    }
  });
  assert.is(failures.join('\n\n'), '');
  console.log(`${forks.length} of ${FORKS.length} hostile forks answered; nothing of them ran, no token was read`);
});

/** What `commit` does of this pull request, of a branch or a fork, whose hub and origin are the same repository. */
async function requireTameCommit(scene: Scene, fork: Fork, number: number, branch?: string): Promise<string[]> {
  const pull = opened(scene, fork, number);
  const hub = new GitHubStandIn();
  const git = new GitRepository();
  const ask = (...words: string[]): string => git.git('--git-dir', scene.origin, ...words);
  hub.data = new GitData(scene.origin);
  hub.data.writers = ['mallory'];
  hub.pulls = [{ number, head: pull.head, base: pull.main, author: 'mallory', ...(branch && { branch }) }];
  if (branch) ask('update-ref', `refs/heads/${branch}`, pull.head);
  try {
    const { output } = await reviewed(scene, fork, pull, hub, stepsOf(workflow(scene.base, 'review'), 'commit'));
    const told = `${fork.name}\n${output}`;
    assert.not.match(output, /^(::|##\[)/m, told);
    assert.not.match(output, /\n {4}at |this is a bug/, told);
    assert.equal(hub.problems, [], told);
    assert.is(hub.data.tip('main'), pull.main, told);
    requireUntouched(pull, [output, JSON.stringify(hub.asked.map(({ body }) => body))], told);
    const tip = branch ? (hub.data.tip(branch) ?? '') : pull.head;
    if (tip === pull.head) return hub.of('git/create-tree').map(({ operation }) => operation);
    assert.is(ask('rev-list', '--parents', '--max-count=1', tip), `${tip} ${pull.head}`, told);
    const changed = ask('diff-tree', '-r', '-z', '--name-only', pull.head, tip).split('\0').filter(Boolean);
    assert.ok(
      changed.every((path) => path.startsWith('generated/')),
      `${told} ${changed}`,
    );
    return changed;
  } finally {
    hub.stop();
    git.remove();
    rmSync(pull.room, { recursive: true, force: true });
  }
}

test('what commits writes nothing of a fork, only generated/ of a hostile branch, and runs nothing', async (scene) => {
  const plain: Fork = {
    name: 'a stale branch',
    make: (repository) => {
      const path = join(repository.root, 'models/delivery_time/model.yaml');
      writeFileSync(path, readFileSync(path, 'utf8').replace(/^description: .*$/m, 'description: Another.'));
      rmSync(join(repository.root, 'generated'), { recursive: true, force: true });
    },
    says: /./,
  };
  assert.ok((await requireTameCommit(scene, plain, 2000, 'stale')).length > 20);
  assert.equal(await requireTameCommit(scene, plain, 2001), []);
  const forks = FORKS.filter(({ always, refused }) => !refused && (always || TIMES > 1));
  for (const [index, fork] of forks.entries()) await requireTameCommit(scene, fork, 2002 + index, `hostile-${index}`);
});

test('a workflow that checked the fork out, or kept the token, would be seen', async (scene) => {
  const fork = forkNamed('scripts of package.json');
  const [checkout = {}, ...others] = stepsOf(workflow(scene.base, 'review'), 'review');
  const weaker: Step[][] = [
    [{ ...checkout, with: { ...checkout.with, ref: `\${{ ${event}.head_sha }}` } }, ...others],
    [{ ...checkout, with: {} }],
  ];
  const seen = [/canary/, /the token/];
  for (const [index, steps] of weaker.entries()) {
    const pull = opened(scene, fork, 900 + index);
    const hub = new GitHubStandIn();
    try {
      await reviewed(scene, fork, pull, hub, steps);
      const main = index === 0 ? pull.head : pull.main;
      assert.match(
        problemOf(() => requireUntouched({ ...pull, main }, [], '')),
        seen[index] ?? '',
      );
    } finally {
      hub.stop();
    }
  }
});

test('what runs on a pull request itself is given no token, whatever of the fork it runs', async (scene) => {
  const steps = stepsOf(workflow(scene.base, 'plan'), 'plan');
  assert.equal(jobsOf(workflow(ROOT, 'plan')), jobsOf(workflow(scene.base, 'plan')), "ours and a team's are the same");
  for (const [index, name] of ['scripts of package.json', 'a description of fences, cells and commands'].entries()) {
    const fork = forkNamed(name);
    const pull = opened(scene, fork, 1000 + index);
    const { main, head, work, canary, room } = pull;
    const summary = join(room, 'summary.md');
    const env = { ...pull.env, GITHUB_STEP_SUMMARY: summary };
    const words = { 'github.event.pull_request.base.sha': main, 'github.token': TOKEN, 'secrets.GITHUB_TOKEN': TOKEN };
    const { exit, output } = await play(steps, { origin: scene.origin, commit: head, work, env, words });
    assert.is(exit, 0, output);
    // Its own code runs here, and is told nothing.
    assert.is(existsSync(`${canary}.env`), index === 0, output);
    if (index === 1) assert.match(readFileSync(summary, 'utf8'), fork.says);
    if (index === 1) requireTame(readFileSync(summary, 'utf8'));
    for (const text of textsBelow(room)) assert.not.ok(hasToken(text), `${name}: the token`);
  }
  for (const root of [ROOT, scene.base]) {
    const text = readFileSync(workflow(root, 'plan'), 'utf8');
    assert.not.match(text, /secrets\.|github\.token|GITHUB_TOKEN|: write|id-token/);
  }
});

test.run();
