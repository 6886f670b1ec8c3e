/** What must be the case of a Jenkinsfile of ours, scenario by scenario. */
import { createHash } from 'node:crypto';
import { type Played, type Scenario, TOKEN } from './play.ts';

export interface Judged extends Scenario {
  /** What is not as it must be. */
  judge(played: Played): string[];
}

const PULL = { number: 7, url: 'https://github.com/shop/ml/pull/7', target: 'main' };
const PLAN = '{"format": 1, "plan": {"verdict": {"class": "breaking"}}}';
const DIGEST = createHash('sha256').update(`${PLAN}\n`).digest('hex');

const BEFORE = '0123456789ab';
const released: [string, string] = ['*releases*', `echo '{"current": "${BEFORE}"}'`];
const planned = (asks: boolean): [string, string][] => [
  released,
  ['*--format html*', 'echo "<html>"'],
  ['*--format json*', `echo '${PLAN}'`],
  ['*--fail-on*', asks ? 'exit 1' : 'exit 0'],
];

const problems = (...all: [boolean, string][]): string[] => all.flatMap(([isRight, text]) => (isRight ? [] : [text]));

/** In this order, whatever stands between them. */
const inOrder = (calls: readonly string[], wanted: readonly RegExp[]): [boolean, string] => {
  let at = -1;
  const missing = wanted.find((pattern) => {
    const next = calls.findIndex((each, index) => index > at && pattern.test(each));
    at = next;
    return next < 0;
  });
  return [missing === undefined, `no ${missing} in its place: ${calls.join('; ')}`];
};

const ended = (played: Played, result: Played['result']): [boolean, string] => [
  played.result === result && played.problem === null,
  `ended with ${played.result} (${played.problem ?? 'no problem'}), not ${result}`,
];

const none = (played: Played, pattern: RegExp): [boolean, string] => {
  const found = played.calls.find((each) => pattern.test(each));
  return [found === undefined, `was called: ${found}`];
};

/** On GitHub, with what was taken back: so it comes last. */
const SHOWN = (env: string) => new RegExp(`releases publish --env ${env}$`);
const takenBack = ({ calls }: Played) =>
  inOrder(calls, [/deploy -- --env staging$/, /rollback --env staging 0123456789ab$/, SHOWN('staging')]);
const byToken = ({ withToken }: Played, ...wanted: RegExp[]): [boolean, string] => [
  withToken.length === wanted.length && wanted.every((each, index) => each.test(withToken[index] ?? '')),
  `the token is seen by ${withToken.join('; ')}`,
];
const CHECKED = [/^npm ci$/, /validate/, /compile -- --check/, /^npm test/];
const BY_PLAN = ` --plan .mlops/build/prod.json --digest ${DIGEST}`;
const DEPLOYED = (env: string) => [
  new RegExp(`deploy -- --env ${env}${env === 'prod' ? BY_PLAN : ''}$`),
  new RegExp(`status -- --env ${env} --without-champion$`),
];
const optionsOf = ({ events }: Played): unknown[] => {
  const stated = events.find(({ event }) => event === 'options')?.['options'];
  return Array.isArray(stated) ? stated : [];
};
const EVERY = (played: Played): [boolean, string][] => [
  [played.withoutSettings.length === 0, `without CI and NO_COLOR: ${played.withoutSettings[0]}`],
  [!played.log.includes(TOKEN), 'the token stands in the log'],
  [optionsOf(played).includes('disableConcurrentBuilds'), 'two builds of a branch may run at once'],
];
const agentsOf = ({ events }: Played): unknown[] => [
  ...new Set(events.filter(({ event }) => event === 'agent').map(({ label }) => label)),
];
const asked = ({ events }: Played) => events.filter(({ event }) => event === 'input');

const right = (played: Played, result: Played['result'], ...more: [boolean, string][]): string[] =>
  problems(ended(played, result), ...(played.problem === null ? EVERY(played) : []), ...more);

/** Where the Jenkinsfile goes as far as staging. */
export const toStaging: Judged[] = [
  {
    name: 'a pull request is checked, planned and answered, and nothing of it meets the token or the deploying agent',
    pull: PULL,
    acts: [...planned(true), ['*review*', 'echo "token: $GITHUB_TOKEN"']],
    judge: (played) =>
      right(
        played,
        'SUCCESS',
        inOrder(played.calls, [...CHECKED, /plan --base origin\/main --format html/, /ci --ignore-scripts/, /review/]),
        none(played, /deploy|rollback|publish/),
        [agentsOf(played).every((each) => each !== 'mlops-deploy'), `agents: ${agentsOf(played)}`],
        [played.withToken.length === 1, `the token is seen by ${played.withToken.join('; ')}`],
        [!played.onPull.some((each) => /review|ignore-scripts/.test(each)), 'the answer is made by the pull request'],
        [played.calls.some((each) => each.endsWith(`--pr 7 --head ${played.commit}`)), 'the head is not named'],
        [played.events.some(({ event, name }) => event === 'publishHTML' && name === 'Plan'), 'no plan is published'],
        [played.left.length === 0, `workspaces are left: ${played.left}`],
      ),
  },
  {
    name: 'a change elsewhere than on GitHub is answered by its page alone',
    pull: { ...PULL, url: 'https://git.example.com/shop/ml/-/merge_requests/7' },
    acts: planned(true),
    judge: (played) => right(played, 'SUCCESS', none(played, /review|deploy/), inOrder(played.calls, [/plan --base/])),
  },
  {
    name: 'another branch is checked, and no more',
    branch: 'try',
    judge: (played) => right(played, 'SUCCESS', inOrder(played.calls, CHECKED), none(played, /deploy|review|plan/)),
  },
  {
    name: 'main is checked, deployed to staging and verified',
    acts: planned(false),
    judge: (played) =>
      right(
        played,
        'SUCCESS',
        inOrder(played.calls, [...CHECKED, ...DEPLOYED('staging'), SHOWN('staging')]),
        none(played, /prod|rollback/),
        [asked(played).length === 0, 'somebody was asked'],
        byToken(played, SHOWN('staging')),
      ),
  },
  {
    name: 'a GitHub that shows nothing fails no deploy',
    acts: [['*releases publish*', 'exit 2'], released],
    judge: (played) =>
      right(
        played,
        'SUCCESS',
        inOrder(played.calls, [...DEPLOYED('staging'), SHOWN('staging')]),
        none(played, /rollback/),
      ),
  },
  {
    name: 'without a token for GitHub main is deployed all the same',
    acts: planned(false),
    withoutToken: true,
    judge: (played) =>
      right(played, 'SUCCESS', inOrder(played.calls, DEPLOYED('staging')), none(played, /rollback|publish/)),
  },
  {
    name: 'what does not compile is not deployed',
    acts: [['*validate*', 'exit 1']],
    judge: (played) => right(played, 'FAILURE', none(played, /deploy|test|rollback/)),
  },
  {
    name: 'what fails its tests is not deployed',
    acts: [['test*', 'exit 1']],
    judge: (played) => right(played, 'FAILURE', none(played, /deploy|rollback/)),
  },
  {
    name: 'a deploy that fails is taken back, and no further one is begun',
    acts: [released, ['*deploy -- --env staging', 'exit 1']],
    parameters: { UNTIL: 'staging' },
    judge: (played) => right(played, 'FAILURE', none(played, /status|prod/), takenBack(played)),
  },
  {
    name: 'a first deploy that fails has nothing to go back to, and that is said',
    acts: [
      ['*releases*', `echo '{"current": null}'`],
      ['*deploy -- --env staging', 'exit 1'],
    ],
    judge: (played) =>
      right(played, 'FAILURE', none(played, /status|prod|rollback/), [
        played.log.includes('Nothing ran before this build'),
        'nobody says so',
      ]),
  },
  {
    name: 'what is deployed and not well is rolled back',
    acts: [released, ['*status -- --env staging *', 'exit 1']],
    judge: (played) =>
      right(
        played,
        'FAILURE',
        inOrder(played.calls, [...DEPLOYED('staging'), /rollback --env staging 0123456789ab$/]),
        none(played, /prod/),
      ),
  },
  {
    name: 'an abort in the middle of a deploy takes it back, and nothing comes after',
    acts: [released, ['*deploy -- --env staging', 'touch "$PLAY/abort"; sleep 60']],
    judge: (played) => right(played, 'ABORTED', none(played, /status|prod/), takenBack(played)),
  },
  {
    name: 'a deploy that hangs for two hours is ended by its limit of time',
    acts: [
      released,
      ['*deploy -- --env staging', 'echo 120 > "$PLAY/minutes"; while [ -e "$PLAY/minutes" ]; do sleep 0.1; done'],
    ],
    judge: (played) => right(played, 'ABORTED', none(played, /status|prod/), takenBack(played)),
  },
];

const PROD = { parameters: { UNTIL: 'prod' } };

/** Where it goes as far as prod. */
export const toProd: Judged[] = [
  {
    name: 'what breaks nothing goes on to prod unasked',
    ...PROD,
    acts: planned(false),
    judge: (played) =>
      right(
        played,
        'SUCCESS',
        inOrder(played.calls, [
          ...CHECKED,
          ...DEPLOYED('staging'),
          /plan --deployed prod/,
          ...DEPLOYED('prod'),
          SHOWN('prod'),
        ]),
        [!played.calls.some((call) => call.startsWith('docker')), 'images were built, which the deploy does'],
        [asked(played).length === 0, 'somebody was asked'],
        byToken(played, SHOWN('staging'), SHOWN('prod')),
      ),
  },
  {
    name: 'what breaks is deployed with consent, which names the plan, holds no agent, and has an end',
    ...PROD,
    acts: planned(true),
    consent: 'proceed',
    judge: (played) =>
      right(
        played,
        'SUCCESS',
        inOrder(played.calls, DEPLOYED('prod')),
        [asked(played).length === 1, `asked ${asked(played).length} times`],
        ...asked(played).flatMap(({ message, held, submitter, isBounded }): [boolean, string][] => [
          [String(message).includes(DIGEST), `the question does not name the plan: ${message}`],
          [(held as unknown[]).length === 0, `an agent waits: ${held}`],
          [submitter === 'mlops-approvers', 'anybody may agree'],
          [isBounded === true, 'it waits as long as the build may'],
        ]),
      ),
  },
  {
    name: 'what breaks is not deployed where somebody says no',
    ...PROD,
    acts: planned(true),
    consent: 'abort',
    judge: (played) => right(played, 'ABORTED', none(played, /(deploy --|rollback) .*prod/)),
  },
  {
    name: 'what breaks is not deployed by the consent of somebody who may not',
    ...PROD,
    acts: planned(true),
    consent: 'proceed',
    groups: [],
    judge: (played) => right(played, 'ABORTED', none(played, /(deploy --|rollback) .*prod/)),
  },
  {
    name: 'what was agreed to is not deployed onto something else',
    ...PROD,
    acts: [
      ...planned(true),
      // As where something else runs than the plan was made for.
      ['*deploy -- --env prod *', 'exit 1'],
    ],
    consent: 'proceed',
    judge: (played) =>
      right(
        played,
        'FAILURE',
        inOrder(played.calls, [new RegExp(`deploy -- --env prod${BY_PLAN} --check$`)]),
        none(played, /deploy -- --env prod.*[^k]$|rollback/),
      ),
  },
  {
    name: 'what is in prod and not well is rolled back there',
    ...PROD,
    acts: [...planned(false), ['*status -- --env prod *', 'exit 1']],
    judge: (played) =>
      right(
        played,
        'FAILURE',
        inOrder(played.calls, [...DEPLOYED('prod'), /rollback --env prod 0123456789ab$/, SHOWN('prod')]),
        none(played, /rollback --env staging/),
      ),
  },
];
