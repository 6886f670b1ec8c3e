/**
 * The Jenkinsfiles of this repository and of new ones, played without a Jenkins: JenkinsPipelineUnit loads them, our
 * harness has Declarative Pipeline as we understand it, and each `sh` is really executed.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { filesOf } from '../../../compiler/init/repository.ts';
import { jobsOf, type Played, play } from '../../jenkins/play.ts';
import { type Judged, toProd, toStaging } from '../../jenkins/scenarios.ts';

const OURS = readFileSync(join(import.meta.dirname, '../../../Jenkinsfile'), 'utf8');
const AS_CODE = join(import.meta.dirname, '../../../runtime/images/jenkins/jenkins.yaml');
const all = [...toStaging, ...toProd];
const folder = mkdtempSync(join(tmpdir(), 'mlops-jenkinsfile-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

const judgedAs = ({ judge }: Judged, played: Played | undefined): string[] => (played ? judge(played) : ['not played']);

let ours: Played[] = [];
test.before(() => {
  ours = play(
    join(folder, 'ours'),
    all.map((scenario) => ({ jenkinsfile: OURS, scenario })),
  );
});

for (const [index, scenario] of all.entries())
  test(scenario.name, () => assert.equal(judgedAs(scenario, ours[index]), [], ours[index]?.log));

test('a new repository has one that does the same, as far as its environments go', () => {
  const ports = { portOffset: 0, stagingPortOffset: 10_000 };
  const team = { name: 'shop', owner: 'a', email: 'a@example.com', timezone: 'UTC' };
  const choices = { ...team, ...ports, compiler: '1', example: false, portOffset: 0 };
  const jobs = [
    ...[
      [false, false, ['local']] as const,
      [true, false, ['staging']] as const,
      [true, true, ['staging', 'prod']] as const,
    ],
    [false, true, ['prod']] as const,
  ].flatMap(([staging, prod, until]) => {
    const jenkinsfile = filesOf({ ...choices, staging, prod }).get('Jenkinsfile') ?? '';
    const scenarios = all.filter(({ name, parameters }) => fits(name, parameters?.['UNTIL'], until));
    return scenarios.map((scenario) => ({ jenkinsfile, scenario }));
  });
  const played = play(join(folder, 'new'), jobs);
  const wrong = jobs.flatMap(({ scenario }, index) =>
    judgedAs(scenario, played[index]).map((each) => `${scenario.name}: ${each}`),
  );
  assert.equal(wrong, []);
  assert.ok(jobs.length > 20, `${jobs.length} played`);
});

/** What an environment does that is not there, nobody can see. */
const fits = (name: string, until: string | undefined, environments: readonly string[]): boolean => {
  if (until === 'prod') return environments.length === 2;
  return (
    environments.includes('staging') || /pull request|elsewhere|another branch|does not compile|its tests/.test(name)
  );
};

const GUARD = "catchError(buildResult: 'SUCCESS', stageResult: 'SUCCESS', catchInterruptions: false)";

/** Each is a slip that somebody makes; the scenarios that must see it. */
const MISTAKES: [name: string, slip: (text: string) => string, seenBy: RegExp][] = [
  ['a directive is misspelt', (text) => text.replace('steps { sh', 'stpes { sh'), /^main is checked/],
  ['deploys are not for main alone', (text) => text.replace("                branch 'main'\n", ''), /^another branch/],
  ['the environment is not set', (text) => text.replace("        CI = 'true'\n", ''), /^main is checked/],
  ['a failing check is let through', (text) => text.replace("validate'", "validate || true'"), /does not compile/],
  ['rolled back when all is well', (text) => text.replace('unsuccessful { sh', 'success { sh'), /^main is checked/],
  ['not rolled back when it is not', (text) => text.replace(/unsuccessful \{ sh .*\n/, ''), /is deployed and not well/],
  [
    'the other environment is rolled back',
    (text) => text.replace('rollback --env prod', 'rollback --env staging'),
    /in prod and not well/,
  ],
  [
    'an agent waits for consent',
    (text) => text.replace("stage('Consent') {", "stage('Consent') {\nagent { label 'mlops-deploy' }"),
    /with consent/,
  ],
  ['consent is asked for nothing in particular', (text) => text.replace(/, \$\{env.PLAN_DIGEST\}/, ''), /with consent/],
  ['anybody may agree', (text) => text.replace(", submitter: 'mlops-approvers'", ''), /who may not|with consent/],
  ['nobody is asked', (text) => text.replace("value: 'yes'", "value: 'true'"), /says no/],
  ['the plan is not looked at again', (text) => text.replace(/ *sh .* --check'\n/, ''), /onto something else/],
  ['another plan than was agreed to', (text) => text.replaceAll(/ --digest "\$PLAN_DIGEST"/g, ''), /onto|with consent/],
  ['two builds at once', (text) => text.replace('disableConcurrentBuilds()', ''), /^main is checked/],
  ['no limit of time', (text) => text.replaceAll(/options \{ timeout\(time: 45, .*\n/g, ''), /hangs/],
  [
    'the token is everywhere',
    (text) => text.replace("NO_COLOR = '1'", "NO_COLOR = '1'\nGITHUB_TOKEN = credentials('mlops-github')"),
    /^a pull request/,
  ],
  ['a pull request answers itself', (text) => text.replace(/ *sh 'git checkout.*\n/, ''), /^a pull request/],
  ['scripts of packages run beside the token', (text) => text.replace(' --ignore-scripts', ''), /^a pull request/],
  [
    'pull requests on the agent that deploys',
    (text) => text.replace("'mlops-check'", "'mlops-deploy'"),
    /^a pull request/,
  ],
  ['what a pull request left behind stays', (text) => text.replace('cleanup { deleteDir() }', ''), /^a pull request/],
  ['the plan is not shown', (text) => text.replace(/ *publishHTML.*\n/, ''), /^a pull request/],
  ['an agent that is not there', (text) => text.replace("'mlops-check'", "'linux'"), /^main is checked/],
  ['a credential that is not there', (text) => text.replace("'mlops-github'", "'github'"), /^a pull request/],
  ['rolled back to another release than ran before', (text) => text.replaceAll(/ "\$BEFORE"/g, ''), /and not well/],
  [
    'not known what ran before',
    (text) => text.replace(/ *sh 'npm run --silent mlops -- releases.*\n/, ''),
    /and not well/,
  ],
  ['GitHub is needed for a deploy', (text) => text.replaceAll(GUARD, 'script'), /shows nothing|without a token/],
  ['the ledger is not shown', (text) => text.replaceAll(/ *sh .* publish .*\n/g, ''), /^main is checked/],
  [
    'it is shown before it is taken back',
    (text) => text.replaceAll(`cleanup {\n                    ${GUARD}`, `always {\n                    ${GUARD}`),
    /not well/,
  ],
];

test('each of the seeded mistakes is seen', () => {
  const jobs = MISTAKES.flatMap(([name, slip, seenBy]) => {
    const jenkinsfile = slip(OURS);
    assert.is.not(jenkinsfile, OURS, name);
    const scenarios = all.filter((scenario) => seenBy.test(scenario.name));
    assert.ok(scenarios.length > 0, name);
    return scenarios.map((scenario) => ({ name, jenkinsfile, scenario }));
  });
  const played = play(join(folder, 'mistakes'), jobs);
  const seen = new Set(
    jobs.filter(({ scenario }, index) => judgedAs(scenario, played[index]).length > 0).map(({ name }) => name),
  );
  assert.equal(
    MISTAKES.map(([name]) => name).filter((name) => !seen.has(name)),
    [],
  );
});

test('the job of Jenkins as code is a multibranch one, on GitHub with forks that nobody trusts', () => {
  const [{ script = '' } = {}] = parse(readFileSync(AS_CODE, 'utf8')).jobs as { script: string }[];
  const ask = (address: string) =>
    jobsOf(
      folder,
      script.replace(/\$\{JENKINS_REPOSITORY:-\}/, address).replace(/\$\{JENKINS_JOB:-platform\}/, 'shop'),
    );
  assert.equal(ask(''), []);
  const onGitHub = JSON.stringify(ask('https://github.com/shop/ml.git'));
  for (const [name, ...words] of [
    ['multibranchPipelineJob', 'shop'],
    ['repoOwner', 'shop'],
    ['repository', 'ml'],
    ['interval', '5m'],
    ['gitHubTrustNobody'],
  ])
    assert.ok(onGitHub.includes(`{"name":"${name}","words":${JSON.stringify(words)}`), name);
  const elsewhere = JSON.stringify(ask('ssh://git@git.example.com/ml'));
  assert.ok(elsewhere.includes('{"name":"remote","words":["ssh://git@git.example.com/ml"]'));
  assert.not.match(elsewhere, /github/i);
});

test.run();
