/** What the workflows decide by themselves: their `run:` steps, taken from the YAML and executed. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { jobsOf, starts } from './package/workflow.ts';

interface Workflow {
  jobs: Record<string, { steps: { id?: string; run?: string }[] }>;
}

const file = join(import.meta.dirname, '../.github/workflows/check.yaml');
const { jobs } = parse(readFileSync(file, 'utf8')) as Workflow;
const decide = jobs['check']?.steps.find(({ id }) => id === 'touched')?.run ?? '';

const folder = mkdtempSync(join(tmpdir(), 'mlops-workflow-'));
const git = (...words: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();

function commit(path: string): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), 'changed\n');
  git('add', '.');
  git('commit', '-q', '-m', path);
  return git('rev-parse', 'HEAD');
}

/** What the step writes for the jobs behind it. */
function decided(base: string, isLabelled: boolean): string {
  const output = join(folder, '.git', 'output');
  writeFileSync(output, '');
  execFileSync('bash', ['-e', '-c', decide], {
    cwd: folder,
    env: { PATH: process.env['PATH'], BASE: base, LABELLED: String(isLabelled), GITHUB_OUTPUT: output },
  });
  return readFileSync(output, 'utf8');
}

test.before(() => void git('init', '-q'));
test.after(() => rmSync(folder, { recursive: true }));

test('a pull request plays the chapters where it touches what they try, or asks for them', () => {
  const base = commit('features/clicks.yaml');
  commit('models/churn/model.yaml');
  assert.is(decided(base, false), 'servers=false\n');
  assert.is(decided(base, true), 'servers=true\n');
  commit('runtime/mlops_runtime/clock.py');
  assert.is(decided(base, false), 'servers=true\n');
});

test('main and the merge queue play them always', () => assert.is(decided('', false), 'servers=true\n'));

const textOf = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8');
const stepsIn = (text: string) => {
  const { jobs } = parse(text.replaceAll('$\\{{', '${{')) as Workflow;
  return Object.values(jobs).flatMap(({ steps }) => steps);
};

test('what runs a pull request has no token, and what has one takes no more of it than the name of its commit', () => {
  for (const name of ['plan', 'review']) {
    const [own, team] = [`.github/workflows/${name}.yaml`, `compiler/init/repository/_github/workflows/${name}.yaml`];
    assert.equal(stepsIn(textOf(own)), stepsIn(textOf(team)), 'a team has the same');
  }
  assert.not.match(textOf('.github/workflows/plan.yaml'), /secrets\.|github\.token|: write/);
  const review = JSON.stringify(stepsIn(textOf('.github/workflows/review.yaml')));
  const words = new Set([...review.matchAll(/\$\{\{ (.*?) \}\}/g)].map(([, word]) => word));
  assert.equal([...words].sort(), ['github.event.workflow_run.head_sha', 'github.token']);
  assert.not.match(review, /"ref"|download-artifact|git (checkout|switch|merge|reset)|persist-credentials":true/);
});

const event = 'github.event.workflow_run';
const from = (name: string, variable = '') => ({
  ...{ 'github.repository': 'shop/ml', [`${event}.event`]: 'pull_request' },
  ...{ [`${event}.head_repository.full_name`]: name, 'vars.MLOPS_COMMIT_GENERATED': variable },
});

test('the job that may write starts only where it is switched on, and for a branch of this repository', () => {
  for (const folder of ['.github', 'compiler/init/repository/_github']) {
    const { review, commit, ...others } = jobsOf(join(import.meta.dirname, '..', folder, 'workflows/review.yaml'));
    assert.ok(review && commit);
    assert.equal(Object.keys(others), []);
    assert.equal(commit.permissions, { contents: 'write', 'pull-requests': 'read' });
    assert.equal(review.permissions, { contents: 'read', checks: 'write', 'pull-requests': 'write' });
    // The answer is about the commit that a person has pushed, and is not given once there is another.
    assert.is(commit.needs, 'review');
    assert.ok(starts(commit, from('shop/ml', 'true')));
    const never = [from('shop/ml'), from('shop/ml', 'false'), from('mallory/ml', 'true'), from('', 'true')];
    for (const off of never) assert.not.ok(starts(commit, off), JSON.stringify(off));
    assert.not.ok(starts(commit, { ...from('shop/ml', 'true'), [`${event}.event`]: 'push' }));
  }
});

test.run();
