/** What is written on GitHub, against a stand-in that is held to GitHub's own description. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../compiler/cli.ts';
import { putCheck } from '../compiler/clients/github/check.ts';
import { putComment } from '../compiler/clients/github/comment.ts';
import { connect } from '../compiler/clients/github/github.ts';
import { pullAt, pullsWith, putLabels } from '../compiler/clients/github/pulls.ts';
import { askReviewers } from '../compiler/clients/github/reviewers.ts';
import { GitRepository } from '../compiler/test/git-repository.ts';
import { soundPlatforms } from '../compiler/test/platforms.ts';
import { type Asked, GitHubStandIn, type Reply } from './github/stand-in.ts';
import { sentenceOf as sentenceWithout } from './sentence.ts';

const TOKEN = 'ghs_canary0000000000000000000000000000';
const MARKER = '<!-- mlops review -->';
const TEXT = `${MARKER}\n\nbreaking: 1`;
const BOT = 'github-actions[bot]';

let hub: GitHubStandIn;
let said: string[];
const github = () =>
  connect({ token: TOKEN, api: hub.url, owner: 'shop', repo: 'ml', second: 1, say: (text) => void said.push(text) });
const put = (body = TEXT) => putComment(github(), 7, MARKER, body);
const texts = () => hub.comments.map(({ login, body }) => [login, body]);

const sentenceOf = (work: Promise<unknown>): Promise<string> => sentenceWithout(work, TOKEN);

const tried = (name: string, work: () => Promise<void>): void =>
  test(name, async () => {
    hub = new GitHubStandIn();
    said = [];
    await hub.start();
    try {
      await work();
      assert.equal(hub.problems, [], "as GitHub's description has it");
    } finally {
      hub.stop();
    }
  });

tried('one comment is written, and then kept current in place', async () => {
  await put();
  await put();
  assert.equal(texts(), [[BOT, TEXT]]);
  assert.is(hub.of('issues/update-comment').length, 0, 'what is as it should be is not written again');
  await put(`${TEXT}, now 2`);
  assert.equal(texts(), [[BOT, `${TEXT}, now 2`]]);
  assert.is(hub.of('issues/create-comment').length, 1);
});

tried('a marker that somebody else has written is not taken for ours', async () => {
  hub.comments = [
    { id: 1, issue: 7, login: 'mallory', body: `${MARKER}\n\nall is well` },
    { id: 2, issue: 7, login: null, body: MARKER },
    { id: 3, issue: 7, login: BOT, body: `quoted: ${MARKER}` },
  ];
  await put();
  await put(`${TEXT}, now 2`);
  assert.equal(texts().slice(0, 3), [
    ['mallory', `${MARKER}\n\nall is well`],
    [null, MARKER],
    [BOT, `quoted: ${MARKER}`],
  ]);
  assert.equal(texts().slice(3), [[BOT, `${TEXT}, now 2`]]);
});

tried('a person, and an app of another name, find what they wrote', async () => {
  hub.login = 'jenkins-bot';
  hub.mayAskWhoItIs = true;
  await put();
  await put(`${TEXT}, now 2`);
  hub.mayAskWhoItIs = false;
  await put(`${TEXT}, now 3`);
  assert.equal(texts(), [['jenkins-bot', `${TEXT}, now 3`]]);
});

tried('ours is found on any page', async () => {
  hub.comments = Array.from({ length: 250 }, (_, index) => ({ id: index, issue: 7, login: 'ada', body: 'a word' }));
  await put();
  await put(`${TEXT}, now 2`);
  assert.equal(texts().slice(250), [[BOT, `${TEXT}, now 2`]]);
});

tried('two runs at once leave one comment', async () => {
  await Promise.all([put(), put(), put()]);
  assert.equal(texts(), [[BOT, TEXT]]);
});

tried('a comment that is deleted meanwhile is written again', async () => {
  await put();
  hub.fault = ({ operation }) => {
    if (operation === 'issues/update-comment') hub.comments = [];
    return null;
  };
  await put(`${TEXT}, now 2`);
  assert.equal(texts(), [[BOT, `${TEXT}, now 2`]]);
});

/** The first requests of a kind fail. */
function failing(operation: string, times: number, reply: Reply): void {
  let left = times;
  hub.fault = (asked: Asked) => {
    if (asked.operation !== operation || left === 0) return null;
    left -= 1;
    return reply;
  };
}

const limited = (headers: Record<string, string>, message: string): Reply => ({
  status: 403,
  headers,
  body: { message },
});

tried('what is limited is asked again after the time that GitHub names', async () => {
  failing('issues/create-comment', 2, limited({ 'retry-after': '5' }, 'You have exceeded a secondary rate limit.'));
  await put();
  failing(
    'issues/list-comments',
    1,
    limited({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }, 'API rate limit'),
  );
  await put();
  assert.equal(texts(), [[BOT, TEXT]]);
  assert.match(said.join('\n'), 'GitHub asks to wait 5 s (limit of writes).');
});

tried('a limit that lasts longer than a run ends with a sentence', async () => {
  failing('issues/create-comment', 99, limited({ 'retry-after': '3600' }, 'You have exceeded a secondary rate limit.'));
  assert.match(await sentenceOf(put()), "GitHub's limit is reached");
  assert.is(hub.of('issues/create-comment').length, 1);
});

tried('a server that fails is asked again, and what it did in spite of its answer is not done twice', async () => {
  let isFirst = true;
  hub.fault = ({ operation, body }) => {
    if (operation !== 'issues/create-comment' || !isFirst) return null;
    isFirst = false;
    hub.comments.push({ id: 1, issue: 7, login: BOT, body: String(body['body']) });
    return { status: 502, body: { message: 'Bad gateway' } };
  };
  await put();
  assert.equal(texts(), [[BOT, TEXT]]);
  failing('issues/list-comments', 99, { status: 503, body: { message: 'Unavailable' } });
  assert.match(await sentenceOf(put()), 'GitHub answers with an error (503), also when asked again');
});

tried(
  'a token without the right, a wrong one, and one that may not see the repository, each get a sentence',
  async () => {
    failing('issues/create-comment', 1, { status: 403, body: { message: 'Resource not accessible by integration' } });
    assert.match(
      await sentenceOf(put()),
      'The token may not comment on pull request #7; it needs `pull-requests: write`',
    );
    failing('issues/list-comments', 1, { status: 404, body: { message: 'Not Found' } });
    assert.match(await sentenceOf(put()), 'or the token may not see it');
    failing('users/get-authenticated', 1, { status: 401, body: { message: 'Bad credentials' } });
    assert.match(await sentenceOf(put()), 'GitHub does not take the token');
    assert.equal(hub.comments, []);
  },
);

tried('a GitHub that does not answer gets a sentence', async () => {
  const nowhere = connect({ token: TOKEN, api: 'http://127.0.0.1:9', owner: 'shop', repo: 'ml', second: 1, say() {} });
  assert.match(await sentenceOf(putComment(nowhere, 7, MARKER, TEXT)), 'GitHub does not answer');
});

const annotations = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...{ path: 'features/a.yaml', start_line: index + 1, end_line: index + 1 },
    ...{ annotation_level: 'warning' as const, title: 'PLN100', message: `line ${index + 1}` },
  }));

tried('a check has its annotations fifty at a time, and its conclusion with the last', async () => {
  const words = {
    name: 'mlops plan',
    commit: 'a'.repeat(40),
    conclusion: 'failure' as const,
    title: 'breaking: 1',
    summary: TEXT,
  };
  for (const count of [0, 50, 51, 120, 700]) await putCheck(github(), { ...words, annotations: annotations(count) });
  assert.equal(
    hub.checks.map((check) => [check.annotations.length, check.conclusion]),
    [0, 50, 51, 120, 500].map((count) => [count, 'failure']),
  );
  assert.equal(
    hub.checks[3]?.annotations.map((each) => each.start_line),
    annotations(120).map((each) => each.start_line),
  );
  assert.is(hub.of('checks/update').length, 0 + 0 + 1 + 2 + 9);
});

tried('of the labels only ours are changed', async () => {
  const ours = ['breaking', 'needs-backfill', 'does-not-compile'];
  hub.labels.set(7, ['docs', 'breaking', 'good first issue']);
  await putLabels(github(), 7, ['needs-backfill'], ours);
  assert.equal(hub.labels.get(7), ['docs', 'good first issue', 'needs-backfill']);
  await putLabels(github(), 7, ['needs-backfill'], ours);
  assert.is(hub.of('issues/add-labels').length, 1);
});

tried('pull requests are found by the commit at their head alone', async () => {
  const pull = (number: number, head: string) => ({ number, head, base: 'b'.repeat(40), author: 'ada' });
  hub.pulls = Array.from({ length: 130 }, (_, index) =>
    pull(index + 1, index % 65 === 64 ? 'a'.repeat(40) : 'c'.repeat(40)),
  );
  const found = await pullsWith(github(), 'a'.repeat(40));
  assert.equal(
    found.map(({ number }) => number),
    [65, 130],
  );
});

const OPEN = { number: 7, head: 'a'.repeat(40), base: 'b'.repeat(40), author: 'Ada' };
const ask = async (...handles: string[]) =>
  askReviewers(github(), await pullAt(github(), 7), handles, (text) => void said.push(text));
const namesAsked = () => hub.reviews.map(({ name }) => name);

tried('owners are asked for a review, teams and users, each once, and never the author', async () => {
  hub.pulls = [OPEN];
  await ask('@shop/risk', '@grace', '@ada');
  assert.equal(namesAsked(), ['grace', 'shop/risk']);
  assert.is(hub.of('pulls/request-reviewers').length, 1);
  await ask('@Shop/Risk', '@grace', '@edsger');
  assert.equal(namesAsked(), ['grace', 'shop/risk', 'edsger']);
  await ask('@ada');
  assert.is(hub.of('pulls/request-reviewers').length, 2);
  assert.equal(said, []);
});

tried('whoever was asked before, by anybody, is found on any page, and a draft asks nobody', async () => {
  hub.pulls = [{ ...OPEN, draft: true }];
  await ask('@grace');
  hub.pulls = [OPEN];
  hub.reviews = Array.from({ length: 130 }, (_, index) => ({ pull: 7, name: index === 120 ? 'grace' : 'linus' }));
  await ask('@grace');
  assert.is(hub.of('pulls/request-reviewers').length, 0);
});

tried('no pull request asks more than ten in all its life, and says whom it left out', async () => {
  hub.pulls = [OPEN];
  await ask(...Array.from({ length: 8 }, (_, index) => `@user${index}`));
  await ask('@grace', '@edsger', '@linus', '@shop/risk');
  assert.equal(namesAsked().slice(8), ['grace', 'edsger']);
  assert.match(said.join('\n'), 'Pull request #7: not more than 10 are asked for a review, so not @linus, @shop/risk.');
});

tried('one whom GitHub refuses keeps nobody else from being asked', async () => {
  hub.pulls = [OPEN];
  hub.collaborators = ['grace', 'shop/risk'];
  await ask('@grace', '@mallory', '@shop/risk', '@other/team');
  assert.equal(namesAsked(), ['grace', 'shop/risk']);
  assert.match(said.join('\n'), 'GitHub asks @mallory for no review: not there, or without access here.');
  assert.match(said.join('\n'), 'GitHub lets only teams of shop review here, not @other/team.');
  await ask('@mallory');
  assert.is(hub.of('pulls/request-reviewers').length, 5, 'one alone is not asked twice');
});

tried('a token that may not ask for reviews says so, and fails nothing', async () => {
  hub.pulls = [OPEN];
  const forbidden = { status: 403, body: { message: 'Resource not accessible by integration' } };
  failing('pulls/request-reviewers', 1, forbidden);
  await ask('@grace');
  failing('issues/list-events', 1, { status: 404, body: { message: 'Not Found' } });
  await ask('@grace');
  assert.equal(
    said,
    Array(2).fill(
      'Pull request #7: the token may not ask for reviews, so nobody was asked; it needs `pull-requests: write`.',
    ),
  );
  failing(
    'pulls/request-reviewers',
    99,
    limited({ 'retry-after': '3600' }, 'You have exceeded a secondary rate limit.'),
  );
  assert.match(await sentenceOf(ask('@grace')), "GitHub's limit is reached");
});

/** `mlops review` of a pull request of these files, by the token's owner; gives its exit code. */
async function reviewOf(head: ReadonlyMap<string, string>): Promise<number> {
  const repository = new GitRepository();
  try {
    repository.write(FRAUD);
    const base = repository.commit();
    repository.write(head);
    hub.pulls = [{ ...OPEN, head: repository.commit(), base, author: 'mallory' }];
    Object.assign(process.env, { GITHUB_TOKEN: TOKEN, GITHUB_API_URL: hub.url, GITHUB_REPOSITORY: 'acme-bank/ml' });
    return await main(['-C', repository.root, 'review'], { out: () => {}, err: (text) => void said.push(text) });
  } finally {
    for (const name of ['GITHUB_TOKEN', 'GITHUB_API_URL', 'GITHUB_REPOSITORY']) delete process.env[name];
    repository.remove();
  }
}

const FRAUD = soundPlatforms().find(({ name }) => name === 'fraud')?.files ?? new Map<string, string>();

/** Of a file of the platform, what stands there and what it becomes. */
function edited(...edits: [path: string, from: string, to: string][]): Map<string, string> {
  const files = new Map(FRAUD);
  for (const [path, from, to] of edits) {
    assert.ok(files.get(path)?.includes(from), `${path}: ${from}`);
    files.set(path, (files.get(path) ?? '').replace(from, to));
  }
  return files;
}

tried('a review asks the owners that the base names, whatever the pull request says of them', async () => {
  const shorter = edited(
    ['features/cards/card_profile.yaml', 'ttl: 30d', 'ttl: 20d'],
    ['platform.yaml', '@acme-bank/fraud', '@mallory-friend'],
  );
  assert.is(await reviewOf(shorter), 0, said.join('\n'));
  assert.equal(namesAsked(), ['acme-bank/fraud']);
  assert.match(hub.comments[0]?.body ?? '', 'owners to ask: fraud');
});

tried('what changes hands is shown to both, and a token without the right to ask still answers', async () => {
  failing('pulls/request-reviewers', 1, { status: 403, body: { message: 'Resource not accessible by integration' } });
  const given = edited(['features/merchants/merchant_risk.yaml', 'owner: merchants', 'owner: fraud']);
  assert.is(await reviewOf(given), 0, said.join('\n'));
  assert.match(hub.comments[0]?.body ?? '', 'owners to ask: fraud, merchants');
  assert.equal(namesAsked(), []);
  assert.match(said.join(''), 'the token may not ask for reviews');
});

test.run();
