/** `mlops plan` of a git repository, in whatever state that is: what is compared, what is printed, how it ends. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../cli.ts';
import type { PlanDocument } from '../plan/document.ts';
import schema from '../plan/plan.schema.json' with { type: 'json' };
import { GitRepository } from './git-repository.ts';
import { soundPlatforms } from './platforms.ts';

const isDocument = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

interface Answer {
  exit: number;
  out: string;
  err: string;
}

async function mlops(root: string, ...argv: string[]): Promise<Answer> {
  const said = { out: [] as string[], err: [] as string[] };
  const exit = await main(['-C', root, ...argv], {
    out: (text) => void said.out.push(text),
    err: (text) => void said.err.push(text),
  });
  return { exit, out: said.out.join(''), err: said.err.join('') };
}

const FRAUD = soundPlatforms().find(({ name }) => name === 'fraud')?.files ?? new Map<string, string>();
const ACTIVITY = 'features/cards/card_activity.yaml';
const activity = FRAUD.get(ACTIVITY) as string;
const narrowed = activity.replace('countries_24h: {type: int64', 'countries_24h: {type: int32');

/** A platform with its compiled output, committed on main. */
async function platform(): Promise<GitRepository> {
  const here = new GitRepository();
  here.write(FRAUD);
  assert.is((await mlops(here.root, 'compile')).exit, 0);
  here.commit('The platform');
  return here;
}

const withPlatform = async (work: (here: GitRepository) => Promise<void>): Promise<void> => {
  const here = await platform();
  try {
    await work(here);
  } finally {
    here.remove();
  }
};

test('what was deployed last can be compared with: a slip in its name and a first deploy are said', () =>
  withPlatform(async (here) => {
    const deployed = here.git('rev-parse', 'HEAD').trim();
    here.write([[ACTIVITY, narrowed]]);
    here.commit('Narrowed');
    const read = async (...argv: string[]) =>
      JSON.parse((await mlops(here.root, 'plan', '--format', 'json', ...argv)).out) as PlanDocument;
    assert.is((await read()).plan.changes.length, 0, 'HEAD is main');
    const first = await read('--deployed', 'laptop');
    assert.is(first.compared.base, null);
    assert.match(first.compared.notes.join(), /Nothing was deployed there yet/);
    here.write([
      ['.mlops/laptop/deployments.json', JSON.stringify([{ at: '2026-01-01T00:00:00Z', commit: deployed }])],
    ]);
    const second = await read('--deployed', 'laptop');
    assert.is(second.compared.base, deployed);
    assert.ok(second.plan.changes.length > 0);
    // What runs says more than what was deployed last: after a rollback the two differ.
    const now = here.git('rev-parse', 'HEAD').trim();
    const release = { format: 1, id: '0123456789ab', commit: { id: now, dirty: false }, packages: {}, files: {} };
    here.write([['.mlops/laptop/releases/0123456789ab/release.json', JSON.stringify(release)]]);
    symlinkSync('0123456789ab', join(here.root, '.mlops/laptop/releases/current'));
    assert.equal((await read('--deployed', 'laptop')).plan.changes, []);
    for (const [words, sentence] of [
      [['--deployed', 'laptp'], /there is no environment 'laptp'; there are laptop, live/],
      [['--deployed', 'laptop', '--base', 'main'], /say one/],
    ] as const) {
      const { exit, err } = await mlops(here.root, 'plan', ...words);
      assert.is(exit, 2);
      assert.match(err, sentence);
    }
  }));

test('a plan is deployed by its file; other files since, or another plan than was agreed to, stop it', () =>
  withPlatform(async (here) => {
    const made = await mlops(here.root, 'plan', '--deployed', 'laptop', '--format', 'json');
    const document: PlanDocument = JSON.parse(made.out);
    assert.is(isDocument(JSON.parse(made.out)), true, JSON.stringify(isDocument.errors));
    const commit = here.git('rev-parse', 'HEAD');
    assert.equal(document.compared.deployed?.commit, { id: commit, dirty: false });
    here.write([['plan.json', made.out]]);
    const deploy = (...argv: string[]) => mlops(here.root, 'deploy', '--env', 'laptop', ...argv);
    const stopped = async (sentence: RegExp | string, exit: number, ...argv: string[]) => {
      const answer = await deploy(...argv);
      assert.match(answer.err, sentence);
      assert.is(answer.exit, exit);
    };
    await stopped('plan.json is not the plan that was agreed to', 1, '--plan', 'plan.json', '--digest', '0'.repeat(64));
    await stopped('none.json cannot be read (ENOENT)', 2, '--plan', 'none.json');
    await stopped('--digest is a SHA-256', 2, '--plan', 'plan.json', '--digest', 'x');
    await stopped('--digest goes with --plan FILE', 2, '--digest', '0'.repeat(64));
    await stopped('leave --plan out', 2, '--plan', 'plan.json', '--resume');
    here.write([[ACTIVITY, narrowed]]);
    assert.is((await mlops(here.root, 'compile')).exit, 0);
    const moved = `The plan is of commit ${commit.slice(0, 12)}, which makes release ${document.compared.deployed?.to}`;
    await stopped(moved, 1, '--plan', 'plan.json');
    await stopped(`commit ${commit.slice(0, 12)} with changes`, 1, '--plan', 'plan.json');
    await stopped(`since then changed: ${ACTIVITY}, generated/`, 1, '--plan', 'plan.json');
    const ofHead = await mlops(here.root, 'plan', '--deployed', 'laptop', '--head', 'HEAD', '--format', 'json');
    here.write([['head.json', ofHead.out]]);
    await stopped('head.json is the plan of a commit (--head)', 2, '--plan', 'head.json');
  }));

test('files as they are, not yet committed, are planned against where HEAD left main, and nothing is touched', () =>
  withPlatform(async (here) => {
    here.git('checkout', '--quiet', '-b', 'change');
    here.write([[ACTIVITY, narrowed]]);
    const before = here.git('status', '--porcelain=v2', '--branch', '--ignored');
    const text = await mlops(here.root, 'plan');
    assert.is(text.exit, 0);
    assert.match(text.out, /^Compared with [0-9a-f]{12} \(where HEAD left main\)\.\n\nbreaking: \d/);
    const json = await mlops(here.root, 'plan', '--format', 'json');
    const document: PlanDocument = JSON.parse(json.out);
    assert.is(isDocument(JSON.parse(json.out)), true, JSON.stringify(isDocument.errors));
    assert.equal([document.compared.head, document.plan.verdict.class], [null, 'breaking']);
    assert.is((await mlops(here.root, 'plan', '--fail-on', 'breaking')).exit, 1);
    assert.is(here.git('status', '--porcelain=v2', '--branch', '--ignored'), before);
    here.commit('Narrower');
    const head = await mlops(here.root, 'plan', '--head', 'change', '--base', 'main', '--format', 'json');
    assert.equal(JSON.parse(head.out).plan, document.plan);
    assert.is((await mlops(here.root, 'plan', '--head', 'main')).out.split('\n')[2], 'Nothing changes.');
  }));

test('every file that differs is made of a change, of what stands elsewhere, or by another compiler', () =>
  withPlatform(async (here) => {
    here.write([['generated/common/feast/entities.py', '# As an older compiler wrote it.\n']]);
    here.write([['generated/common/kafka/gone.json', '{}\n']]);
    here.commit('By another compiler');
    here.git('mv', 'features/merchants/merchant_sales.yaml', 'features/cards/merchant_sales.yaml');
    here.write([[ACTIVITY, narrowed]]);
    const { files } = JSON.parse((await mlops(here.root, 'plan', '--format', 'json')).out);
    const of = (reason: string): string[] =>
      files.filter((each: { because: string }) => each.because === reason).map((each: { path: string }) => each.path);
    assert.equal(of('unexplained'), []);
    assert.equal(of('rendering'), ['common/feast/entities.py', 'common/kafka/gone.json']);
    assert.ok(of('moved').includes('common/feast/feature_views/merchant_sales.py'));
    assert.ok(of('changes').includes('common/kafka/schemas/card.activity.json'));
  }));

test('where base does not compile, the newest of its first parents that does is taken, and that is said', () =>
  withPlatform(async (here) => {
    here.write([[ACTIVITY, activity.replace('ttl: 3d', 'ttl: 0d')]]);
    here.commit('Broken');
    here.write([[ACTIVITY, narrowed]]);
    const { exit, out } = await mlops(here.root, 'plan');
    assert.is(exit, 0);
    assert.match(out, /It does not compile \(1 error\)\.\nCompared with [0-9a-f]{12} instead, 1 commit before it/);
    here.write([[ACTIVITY, activity.replace('ttl: 3d', 'ttl: 0d')]]);
    const broken = await mlops(here.root, 'plan');
    assert.is(broken.exit, 1);
    assert.match(broken.err, /FEA002[\s\S]*what does not compile has no plan/);
  }));

/** Nothing of these is a plan: a sentence, and exit 2. */
async function refused(root: string, sentence: RegExp, ...argv: string[]): Promise<void> {
  const { exit, out, err } = await mlops(root, 'plan', ...argv);
  assert.match(err, sentence);
  assert.equal([exit, out], [2, '']);
}

test('a repository that cannot be compared says why, and what to do', async () => {
  const nowhere = mkdtempSync(join(tmpdir(), 'no-git-'));
  await refused(nowhere, /in no git repository/);
  rmSync(nowhere, { recursive: true });
  await withPlatform(async (here) => {
    await refused(here.root, /no commit called 'other'/, '--base', 'other');
    await refused(here.root, /no commit called '--upload-pack=x'/, '--base=--upload-pack=x');
    await refused(here.root, /evidence\.json cannot be read \(ENOENT\)/, '--evidence', 'evidence.json');
    here.write([['evidence.json', '{"rows": {"payments": "many"}}']]);
    await refused(here.root, /says that the table 'payments' has "many" rows/, '--evidence', 'evidence.json');
    rmSync(join(here.root, 'evidence.json'));
    here.git('branch', '--move', 'main', 'trunk');
    await refused(here.root, /no branch main or master/);
    here.git('checkout', '--quiet', '--orphan', 'main');
    here.commit('Another beginning');
    here.git('checkout', '--quiet', 'trunk');
    await refused(here.root, /HEAD and main have no commit in common/);
    here.git('clone', '--quiet', '--bare', here.root, join(here.root, 'bare.git'));
    await refused(join(here.root, 'bare.git'), /is bare/);
    const bare = await mlops(join(here.root, 'bare.git'), 'plan', '--head', 'trunk', '--base', 'trunk');
    assert.match(bare.out, /Nothing changes/);
  });
});

test('before the first commit everything is new; in a subfolder, a worktree, off a branch it is as ever', () =>
  withPlatform(async (here) => {
    const tree = join(here.root, '.git/inside');
    here.git('worktree', 'add', '--quiet', '--detach', tree);
    assert.match((await mlops(tree, 'plan')).out, /\(where HEAD left main\)\.\n\nNothing changes/);
    const outer = new GitRepository();
    outer.write([...FRAUD].map(([path, text]) => [`deep/inside/${path}`, text] as const));
    const unborn = await mlops(join(outer.root, 'deep/inside'), 'plan', '--format', 'json');
    const { compared, plan } = JSON.parse(unborn.out);
    assert.equal(compared, { base: null, head: null, notes: ['There is no commit yet, so everything is new.'] });
    assert.ok(plan.changes.every(({ kind }: { kind: string }) => kind === 'added'));
    outer.commit();
    assert.match((await mlops(join(outer.root, 'deep/inside'), 'plan')).out, /Nothing changes/);
    mkdirSync(join(outer.root, 'clone'));
    outer.commit('One more');
    outer.git('clone', '--quiet', '--depth=1', `file://${outer.root}`, 'clone');
    await refused(join(outer.root, 'clone/deep/inside'), /no commit called 'HEAD~1'.*shallow/s, '--base', 'HEAD~1');
    outer.git('checkout', '--quiet', '-b', 'change', 'HEAD~1');
    outer.commit('Another one');
    outer.git('checkout', '--quiet', 'main');
    const apart = ['--depth=1', '--no-single-branch', '--branch=change'];
    outer.git('clone', '--quiet', ...apart, `file://${outer.root}`, 'apart');
    const shallow =
      /This clone is shallow, and the commit where HEAD left origin\/HEAD is not in it\. Bring it by `git fetch --unsh/;
    await refused(join(outer.root, 'apart/deep/inside'), shallow);
    outer.remove();
  }));

test.run();
