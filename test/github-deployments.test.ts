/** `mlops releases publish`: the ledger as GitHub's Deployments show it, against a stand-in that is held to its API. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../compiler/cli.ts';
import { connect } from '../compiler/clients/github/github.ts';
import { originOf } from '../compiler/commands/on-github.ts';
import { openWorkspace, type Workspace } from '../compiler/operate/workspace.ts';
import { type Action, attempts, begin, end, ledgerFile, type Outcome } from '../compiler/release/ledger.ts';
import { publish } from '../compiler/release/mirror.ts';
import { type Asked, GitHubStandIn, type Reply } from './github/stand-in.ts';
import { sentenceOf as sentenceWithout } from './sentence.ts';

const TOKEN = 'ghs_canary0000000000000000000000000000';
const COMMITS = ['a', 'b', 'c', 'd'].map((each) => each.repeat(40));
const WRITES = ['repos/create-deployment', 'repos/create-deployment-status'] as const;

let hub: GitHubStandIn;
let workspace: Workspace;
let said: string[];

const github = (timeoutMs = 30_000) =>
  connect({
    ...{ token: TOKEN, api: hub.url, owner: 'shop', repo: 'ml', second: 1, timeoutMs },
    say: (text) => void said.push(text),
  });
const published = (timeoutMs?: number) => publish(workspace, github(timeoutMs));

const tried = (name: string, work: () => Promise<void>): void =>
  test(name, async () => {
    hub = new GitHubStandIn();
    said = [];
    workspace = openWorkspace(realpathSync(mkdtempSync(join(tmpdir(), 'mlops-mirror-'))), 'staging');
    await hub.start();
    try {
      await work();
      assert.equal(hub.problems, [], "as GitHub's description has it");
      assert.not.match(JSON.stringify([said, hub.asked.map(({ body }) => body), hub.deployments.all]), TOKEN);
    } finally {
      hub.stop();
      rmSync(workspace.root, { recursive: true, force: true });
    }
  });

const RELEASES = ['000000000001', '000000000002', '000000000003', '000000000004'];

interface Wanted {
  action?: Action;
  from?: number | null;
  outcome?: Outcome | null;
  commit?: string | null;
}

/** An attempt in the ledger, to the release of this number. */
function attempt(to: number, { action = 'deploy', from = null, outcome = 'done', commit }: Wanted = {}): number {
  const of = commit === undefined ? (COMMITS[to] ?? '') : commit;
  const id = begin(workspace, {
    ...{ action, from: from === null ? null : (RELEASES[from] ?? ''), to: RELEASES[to] ?? '' },
    commit: of === null ? null : { id: of, dirty: to === 1 },
  });
  if (outcome !== null) ended(id, outcome);
  return id;
}

const ended = (id: number, outcome: Outcome): void =>
  end(workspace, id, { outcome, results: {}, problem: outcome === 'done' ? null : `http://internal:1/ ${outcome}` });

const shown = () =>
  hub.deployments.all.map(({ task, sha, statuses }) => [
    ...[task, COMMITS.indexOf(sha)],
    statuses.map(({ state }) => state).join(' '),
  ]);

/** Each way in which an attempt can end, and one that goes on. */
function everything(): void {
  attempt(0, { action: 'up' });
  attempt(1, { from: 0, outcome: 'undone' });
  attempt(1, { from: 0, outcome: 'refused' });
  attempt(1, { from: 0, outcome: null });
  attempt(1, { from: 0 });
  attempt(0, { from: 1, action: 'rollback' });
  attempt(2, { from: 0, outcome: 'failed' });
  attempt(3, { from: 0, outcome: null });
}

const EVERYTHING = [
  ['up', 0, 'success inactive'],
  ['deploy', 1, 'failure'],
  ['deploy', 1, 'failure'],
  ['deploy', 1, 'failure'],
  ['deploy', 1, 'success inactive'],
  ['rollback', 0, 'success'],
  ['deploy', 2, 'failure'],
  ['deploy', 3, 'in_progress'],
];

tried('every attempt is a deployment, with how it ended, and what runs is the one that is active', async () => {
  everything();
  assert.equal(await published(), { deployments: 8, statuses: 10, withoutCommit: 0, refused: [] });
  assert.equal(shown(), EVERYTHING);
  const [up, undone, , cut] = hub.deployments.all;
  assert.is(up?.environment, 'staging');
  assert.match(up?.description ?? '', /^Release 000000000001; up of \d{4}-\d\d-\d\d \d\d:\d\d UTC by \S+$/);
  assert.match(undone?.description ?? '', 'with changes that are not in the commit');
  assert.match(undone?.statuses[0]?.description ?? '', 'Failed, and release 000000000001 runs again');
  assert.match(cut?.statuses[0]?.description ?? '', 'Cut short');
  assert.is(up?.payload['release'], RELEASES[0]);
  assert.not.match(JSON.stringify(hub.deployments.all), 'internal', 'what went wrong stays in the ledger');
});

tried('once all is shown, it is shown again without a single request', async () => {
  everything();
  await published();
  const { length } = hub.asked;
  assert.equal(await published(), { deployments: 0, statuses: 0, withoutCommit: 0, refused: [] });
  assert.is(hub.asked.length, length);
});

tried('one that was shown while it went on gets its end, and is inactive once another runs', async () => {
  const id = attempt(0, { outcome: null });
  await published();
  ended(id, 'done');
  await published();
  attempt(1, { from: 0, outcome: 'undone' });
  await published();
  assert.equal(shown(), [
    ['deploy', 0, 'in_progress success'],
    ['deploy', 1, 'failure'],
  ]);
  attempt(2, { from: 0 });
  await published();
  assert.is(shown()[0]?.[2], 'in_progress success inactive');
});

tried('where what GitHub confirmed is lost or damaged, GitHub is asked, and nothing stands twice', async () => {
  everything();
  await published();
  rmSync(join(workspace.state, 'github.json'));
  assert.equal(await published(), { deployments: 8, statuses: 0, withoutCommit: 0, refused: [] });
  appendFileSync(join(workspace.state, 'github.json'), 'x');
  await published();
  assert.equal(shown(), EVERYTHING);
});

tried('ours is found on any page, among those of others', async () => {
  attempt(0);
  await published();
  const others = { sha: COMMITS[0] ?? '', environment: 'staging', task: 'deploy', description: '', statuses: [] };
  for (let id = 200; id < 320; id += 1)
    hub.deployments.all.push({
      ...others,
      id,
      payload: (id % 3 === 0 ? 'x' : { mlops: `other ${id}` }) as object as never,
    });
  rmSync(join(workspace.state, 'github.json'));
  assert.equal(await published(), { deployments: 1, statuses: 0, withoutCommit: 0, refused: [] });
  assert.is(hub.of('repos/create-deployment').length, 1);
});

/** These requests fail, the first `times` of each operation; what of them is done in spite of it, says `isDone`. */
function failing(operation: string, times: number, reply: Reply): void {
  let left = times;
  hub.fault = (asked: Asked) => {
    if (asked.operation !== operation || left === 0) return null;
    left -= 1;
    return reply;
  };
}

for (const how of ['cut', 'silence'] as const)
  tried(`what was done, and whose answer was lost (${how}), is not done twice`, async () => {
    everything();
    const seen = new Map<string, number>();
    // Every second request is lost, of reads as well.
    hub.lost = ({ operation }) => {
      const number = (seen.get(operation) ?? 0) + 1;
      seen.set(operation, number);
      return number % 2 === 1 ? how : null;
    };
    await published(how === 'cut' ? 30_000 : 150);
    assert.equal(shown(), EVERYTHING);
    for (const each of WRITES) assert.ok((seen.get(each) ?? 0) >= 8, each);
  });

tried('a server that fails is asked again, and one that fails on is left for the next time', async () => {
  everything();
  for (const operation of WRITES) {
    failing(operation, 2, { status: 502, body: { message: 'Bad gateway' } });
    await published();
  }
  assert.equal(shown(), EVERYTHING);
  attempt(3, { from: 0 });
  failing('repos/create-deployment', 99, { status: 503, body: { message: 'Unavailable' } });
  assert.match(await sentenceOf(published()), 'GitHub answers with an error (503), also when asked again');
  assert.is(hub.of('repos/create-deployment').length, 8 + 2 + 3, 'three times and no more');
  hub.fault = () => null;
  await published();
  assert.equal(shown().slice(7), [
    ['deploy', 3, 'in_progress failure'],
    ['deploy', 3, 'success'],
  ]);
});

const sentenceOf = (work: Promise<unknown>): Promise<string> => sentenceWithout(work, TOKEN);

const limited = (headers: Record<string, string>): Reply => ({
  ...{ status: 403, headers, body: { message: 'You have exceeded a secondary rate limit.' } },
});

tried('a limit is waited for as GitHub asks, and one that lasts is left for the next time', async () => {
  everything();
  failing('repos/create-deployment-status', 2, limited({ 'retry-after': '5' }));
  await published();
  assert.equal(shown(), EVERYTHING);
  assert.match(said.join('\n'), 'GitHub asks to wait 5 s (limit of writes).');
  attempt(3, { from: 0 });
  failing('repos/create-deployment', 99, limited({ 'retry-after': '3600' }));
  assert.match(await sentenceOf(published()), "GitHub's limit is reached");
  hub.fault = () => null;
  await published();
  assert.is(shown().length, 9);
});

tried('a wrong token, one without the right, and a GitHub that is not there each get a sentence', async () => {
  attempt(0);
  failing('repos/list-deployments', 1, { status: 401, body: { message: 'Bad credentials' } });
  assert.match(await sentenceOf(published()), 'GitHub does not take the token');
  failing('repos/create-deployment', 1, { status: 403, body: { message: 'Resource not accessible by integration' } });
  assert.match(await sentenceOf(published()), 'The token may not record a deployment of aaaaaaaaaaaa; it needs `depl');
  failing('repos/list-deployments', 1, { status: 404, body: { message: 'Not Found' } });
  assert.match(await sentenceOf(published()), 'or the token may not see it (`deployments: write`)');
  const nowhere = connect({ token: TOKEN, api: 'http://127.0.0.1:9', owner: 'shop', repo: 'ml', second: 1, say() {} });
  assert.match(await sentenceOf(publish(workspace, nowhere)), 'GitHub does not answer');
  assert.equal(shown(), []);
});

tried(
  'a commit that GitHub does not have keeps no other from being shown, and is shown once it was pushed',
  async () => {
    attempt(0);
    attempt(2, { from: 0, outcome: 'undone' });
    attempt(1, { from: 0 });
    attempt(3, { from: 1, commit: null });
    hub.deployments.pushed = [COMMITS[0] ?? '', COMMITS[1] ?? ''];
    const why = `No ref found for: ${COMMITS[2]}`;
    assert.equal(await published(), {
      ...{ deployments: 2, statuses: 4, withoutCommit: 1, refused: [{ to: RELEASES[2], why }] },
    });
    hub.deployments.pushed = null;
    await published();
    // One of no commit has taken the place of the last all the same.
    assert.equal(shown(), [
      ['deploy', 0, 'success inactive'],
      ['deploy', 1, 'success inactive'],
      ['deploy', 2, 'failure'],
    ]);
  },
);

tried('two at once leave one deployment of an attempt, whichever was first', async () => {
  everything();
  await Promise.all([published(), published(), published()]);
  rmSync(join(workspace.state, 'github.json'));
  await published();
  const kept = hub.deployments.all.filter(({ statuses }) => statuses.every((each) => !/twice/.test(each.description)));
  assert.equal(new Set(kept.map(({ payload }) => payload['attempt'])).size, 8);
  assert.is(kept.length, 8);
  assert.is(hub.deployments.all.filter(({ statuses }) => statuses.at(-1)?.state === 'success').length, 1);
});

tried('what somebody has deleted there is made again where it changes, and another repository gets all', async () => {
  attempt(0);
  await published();
  hub.deployments.all = [];
  attempt(1, { from: 0 });
  await published();
  assert.equal(shown().sort(), [
    ['deploy', 0, 'success inactive'],
    ['deploy', 1, 'success'],
  ]);
  hub.deployments.all = [];
  await publish(workspace, connect({ token: TOKEN, api: hub.url, owner: 'shop', repo: 'other', second: 1, say() {} }));
  assert.is(shown().length, 2);
});

/** The command, as somebody calls it. */
async function called(env: Record<string, string>): Promise<{ exit: number; printed: string }> {
  const printed: string[] = [];
  const io = { out: (text: string) => void printed.push(text), err: (text: string) => void printed.push(text) };
  const names = ['GITHUB_TOKEN', 'GITHUB_API_URL', 'GITHUB_REPOSITORY'];
  for (const name of names) delete process.env[name];
  Object.assign(process.env, env);
  try {
    const exit = await main(['-C', workspace.root, 'releases', 'publish', '--env', 'staging'], io);
    assert.not.match(printed.join(''), TOKEN);
    return { exit, printed: printed.join('') };
  } finally {
    for (const name of names) delete process.env[name];
  }
}

tried('without a token or a repository on GitHub nothing is shown, that is said, and nothing fails', async () => {
  const known = { GITHUB_TOKEN: TOKEN, GITHUB_API_URL: hub.url };
  assert.equal(await called(known), {
    ...{ exit: 0, printed: "Nothing was released to 'staging' yet, so there is nothing to show on GitHub.\n" },
  });
  everything();
  const { exit, printed } = await called({});
  assert.is(exit, 0);
  assert.match(printed, 'Nothing is shown on GitHub, as GITHUB_TOKEN is not set; the ledger is whole without it.');
  const unknown = await called(known);
  assert.is(unknown.exit, 0);
  assert.match(unknown.printed, 'is no repository there; --repository OWNER/NAME or GITHUB_REPOSITORY says which one');
  assert.equal(hub.asked, []);
});

tried('the repository is the one that is named, or the origin of the checkout', async () => {
  everything();
  execFileSync('git', ['init', '--quiet', workspace.root]);
  const origin = `http://user:${TOKEN}@127.0.0.1/shop/ml.git`;
  execFileSync('git', ['-C', workspace.root, 'remote', 'add', 'origin', origin]);
  const { exit, printed } = await called({ GITHUB_TOKEN: TOKEN, GITHUB_API_URL: hub.url });
  assert.is(exit, 0, printed);
  assert.is(printed, "shop/ml shows what the ledger of 'staging' has: 8 deployments and 10 states more.\n");
  const again = await called({ GITHUB_TOKEN: TOKEN, GITHUB_API_URL: hub.url, GITHUB_REPOSITORY: 'shop/ml' });
  assert.is(again.printed, "shop/ml shows what the ledger of 'staging' has: as before.\n");
  assert.not.match(readFileSync(join(workspace.state, 'github.json'), 'utf8'), TOKEN);
});

tried('a GitHub that refuses is said, by the exit code, too, and the ledger stays as it is', async () => {
  everything();
  const before = readFileSync(ledgerFile(workspace), 'utf8');
  failing('repos/create-deployment', 99, { status: 403, body: { message: 'Resource not accessible by integration' } });
  const env = { GITHUB_TOKEN: TOKEN, GITHUB_API_URL: hub.url, GITHUB_REPOSITORY: 'shop/ml' };
  const { exit, printed } = await called(env);
  assert.is(exit, 2);
  assert.match(printed, 'it needs `deployments: write`');
  assert.is(readFileSync(ledgerFile(workspace), 'utf8'), before);
  assert.is(attempts(workspace).length, 8);
});

tried('only the GitHub whose API is asked is looked for in the origin', async () => {
  const { root } = workspace;
  execFileSync('git', ['init', '--quiet', root]);
  const of = (origin: string, api: string) => {
    execFileSync('git', ['-C', root, 'config', 'remote.origin.url', origin]);
    const found = originOf(root, api);
    return found && `${found.owner}/${found.repo}`;
  };
  const API = 'https://api.github.com';
  assert.is(of('https://github.com/shop/ml.git', API), 'shop/ml');
  assert.is(of('https://x-access-token:secret@github.com/shop/ml', API), 'shop/ml');
  assert.is(of('git@github.com:shop/ml.git', API), 'shop/ml');
  assert.is(of('ssh://git@github.com:22/shop/ml.git', API), 'shop/ml');
  assert.is(of('https://git.example.com/shop/ml.git', 'https://git.example.com/api/v3'), 'shop/ml');
  assert.is(of('https://shop.ghe.com/shop/ml', 'https://api.shop.ghe.com'), 'shop/ml');
  assert.is(of('https://gitlab.example.com/shop/ml.git', API), null);
  assert.is(of('https://github.com.example.com/shop/ml.git', API), null);
  assert.is(of('https://mallory.example.com/github.com/shop/ml.git', API), null);
  assert.is(of('/srv/git/shop/ml.git', API), null);
  assert.is(of('https://github.com/shop', API), null);
  assert.is(of('https://github.com/shop/ml.js.git/', API), 'shop/ml.js');
  for (const path of ['../..', 'shop/..', 'shop/.', 'shop/..git', './ml', '../ml.git', 'shop/...git'])
    assert.is(of(`https://github.com/${path}`, API), null, path);
});

tried('a repository that would lead elsewhere in its API is none', async () => {
  everything();
  for (const repository of ['shop/..', '../..', './ml', 'shop', 'shop/ml/..', 'shop/ml?a', 'shop/ml\n']) {
    const { exit, printed } = await called({
      GITHUB_TOKEN: TOKEN,
      GITHUB_API_URL: hub.url,
      GITHUB_REPOSITORY: repository,
    });
    assert.is(exit, 2, repository);
    assert.match(printed, 'which repository? Say --repository OWNER/NAME', repository);
  }
  assert.equal(shown(), []);
});

tried('a page in the place of the API is no answer of GitHub', async () => {
  attempt(0);
  const page = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<!doctype html>'));
  await new Promise<void>((resolve) => void page.listen(0, '127.0.0.1', resolve));
  const { port } = page.address() as AddressInfo;
  const there = connect({ token: TOKEN, api: `http://127.0.0.1:${port}`, owner: 'shop', repo: 'ml', say() {} });
  const sentence = await sentenceOf(publish(workspace, there)).finally(() => page.close());
  assert.match(sentence, /^What answers is no API of GitHub, so it could not record a deployment of aaaaaaaaaaaa: /);
});

test.run();
