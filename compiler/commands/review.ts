import { putCheck } from '../clients/github/check.ts';
import { putComment } from '../clients/github/comment.ts';
import type { GitHub } from '../clients/github/github.ts';
import { type Pull, pullAt, pullsWith, putLabels } from '../clients/github/pulls.ts';
import { askReviewers } from '../clients/github/reviewers.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { type Answer, answerOf, LABELS } from '../review/answer.ts';
import { MARKER } from '../review/comment.ts';
import { type Commit, Repository } from '../source/git.ts';
import { named } from './base.ts';
import { type Arguments, type Command, type Context, UsageError } from './command.ts';
import { githubOf, reportingRefusals, repositoryOption } from './on-github.ts';
import { GRAVITY, isAsGraveAs, planned } from './plan.ts';
import { todayOption } from './today.ts';

const PARTS = ['comment', 'check', 'labels', 'reviewers'] as const;
type Part = (typeof PARTS)[number];

export const command: Command = {
  options: {
    head: { type: 'string', value: 'COMMIT', help: 'the commit to plan; it is read as data, never checked out' },
    pr: { type: 'string', value: 'NUMBER', help: 'the pull request (default: the open ones with this commit at head)' },
    repository: repositoryOption,
    parts: { type: 'string', default: PARTS.join(','), value: 'LIST', help: 'what is written there' },
    'fail-on': {
      ...{ type: 'string', choices: GRAVITY, default: 'breaking' },
      help: 'the check fails where the plan has a change as grave as this, or graver',
    },
    today: todayOption,
  },
  run: ({ options }, context) => reportingRefusals(context, () => review(options, context)),
};

async function review(options: Arguments['options'], context: Context): Promise<number> {
  const parts = partsOf(String(options['parts']));
  const github = githubOf(options, context);
  const repository = await Repository.at(context.root);
  const head = await named(repository, String(options['head'] ?? 'HEAD'));
  const pulls =
    options['pr'] === undefined ? await pullsWith(github, head.id) : [await statedPull(github, options, head)];
  if (pulls.length === 0)
    context.out(`No open pull request has ${head.id.slice(0, 12)} at its head: nothing to answer.\n`);
  let failures = 0;
  for (const pull of pulls) {
    const answer = await answerTo(pull, { repository, head, options }, context);
    // A push meanwhile has a run of its own, and its answer must not be overwritten by this one.
    if ((await pullAt(github, pull.number)).head !== head.id) {
      context.out(`#${pull.number} has another commit meanwhile; its own run answers.\n`);
      continue;
    }
    failures += await bring(github, pull, head, answer, parts, context);
    context.out(`#${pull.number}: ${answer.title}\n`);
  }
  return failures > 0 ? 1 : 0;
}

async function statedPull(github: GitHub, options: Arguments['options'], head: Commit): Promise<Pull> {
  const number = Number(options['pr']);
  if (!Number.isSafeInteger(number) || number < 1) throw new UsageError('--pr is the number of a pull request');
  const pull = await pullAt(github, number);
  if (pull.head === head.id) return pull;
  throw new OperationError(
    `Pull request #${number} is at ${pull.head.slice(0, 12)}, and ${head.name} is ` +
      `${head.id.slice(0, 12)}; nothing was written.`,
  );
}

interface Reviewed {
  repository: Repository;
  head: Commit;
  options: Arguments['options'];
}

async function answerTo(pull: Pull, { repository, head, options }: Reviewed, context: Context): Promise<Answer> {
  const target = await named(repository, pull.base);
  const base = (await repository.mergeBase(target, head)) ?? target.id;
  const wanted = { repository, stated: head, base, options, facts: {} };
  const { document, analysis, owners } = await planned(wanted, context);
  const isTooGrave = document !== null && isAsGraveAs(document.plan, options['fail-on']);
  return answerOf(document, { findings: analysis.findings, owners, isTooGrave });
}

/** Each part by itself: a token that may not write one may write the others. Gives the number of those that failed. */
async function bring(
  github: GitHub,
  pull: Pull,
  head: Commit,
  answer: Answer,
  parts: readonly Part[],
  context: Context,
) {
  const { conclusion, title, annotations, labels, reviewers } = answer;
  const check = { name: 'mlops plan', commit: head.id, conclusion, title, summary: answer.comment, annotations };
  const write: Record<Part, () => Promise<void>> = {
    comment: () => putComment(github, pull.number, MARKER, answer.comment),
    check: () => putCheck(github, check),
    labels: () => putLabels(github, pull.number, labels, LABELS),
    reviewers: () => askReviewers(github, pull, reviewers, (text) => context.err(`${text}\n`)),
  };
  let failures = 0;
  for (const part of parts)
    try {
      await write[part]();
    } catch (problem) {
      if (!(problem instanceof OperationError)) throw problem;
      context.err(`mlops: ${problem.message}\n`);
      failures += 1;
    }
  return failures;
}

function partsOf(list: string): Part[] {
  const words = list.split(',').filter(Boolean);
  const unknown = words.find((each) => !(PARTS as readonly string[]).includes(each));
  if (unknown !== undefined) throw new UsageError(`--parts has '${unknown}'; there are ${PARTS.join(', ')}`);
  return PARTS.filter((each) => words.includes(each));
}
