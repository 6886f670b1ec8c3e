/** Reviews asked of teams and users: of each once in the life of a pull request, whatever became of it. */
import { doing, type GitHub, statusOf } from './github.ts';
import type { Pull } from './pulls.ts';

/** Whom a pull request asks in all its life; more people answer no sooner. */
const MOST = 10;
const READ = '`pull-requests: read`';
const WRITE = '`pull-requests: write`';

type Say = (text: string) => void;

/**
 * `handles` are `@ORGANISATION/TEAM` and `@USER`. What GitHub refuses, or this token may not ask, is said and fails
 * nothing: the answer is there without it.
 */
export async function askReviewers(github: GitHub, pull: Pull, handles: readonly string[], say: Say): Promise<void> {
  const { owner } = github.at;
  const names = handles.map((each) => each.slice(1).toLowerCase()).filter((each) => each !== pull.author.toLowerCase());
  if (pull.isDraft || names.length === 0) return;
  const asked = await askedBefore(github, pull.number);
  if (asked === null) return say(mayNot(pull));
  const isAbroad = (name: string): boolean => name.includes('/') && !name.startsWith(`${owner.toLowerCase()}/`);
  const abroad = names.filter(isAbroad);
  if (abroad.length > 0) say(`${ofPull(pull)}: GitHub lets only teams of ${owner} review here, not ${shown(abroad)}.`);
  const wanted = names.filter((each) => !isAbroad(each) && !asked.has(each));
  const now = wanted.slice(0, Math.max(0, MOST - asked.size));
  const left = wanted.slice(now.length);
  if (left.length > 0) say(`${ofPull(pull)}: not more than ${MOST} are asked for a review, so not ${shown(left)}.`);
  if (now.length > 0) await askAll(github, pull, now, say);
}

const ofPull = ({ number }: Pull): string => `Pull request #${number}`;
const shown = (names: readonly string[]): string => names.map((each) => `@${each}`).join(', ');
const mayNot = (pull: Pull): string =>
  `${ofPull(pull)}: the token may not ask for reviews, so nobody was asked; it needs ${WRITE}.`;

/** One whom GitHub refuses takes all others of a request with it. */
async function askAll(github: GitHub, pull: Pull, names: readonly string[], say: Say): Promise<void> {
  const status = await ask(github, pull, names);
  if (isForbidden(status)) say(mayNot(pull));
  if (status !== 422) return;
  const refused: string[] = [];
  for (const each of names) if (names.length === 1 || (await ask(github, pull, [each])) !== 0) refused.push(each);
  if (refused.length === 0) return;
  const teams = refused.some((each) => each.includes('/')) ? " A workflow's own token can ask no teams." : '';
  say(`${ofPull(pull)}: GitHub asks ${shown(refused)} for no review: not there, or without access here.${teams}`);
}

const isForbidden = (status: number): boolean => status === 403 || status === 404;

/** 0, or the status of GitHub's refusal. */
const ask = ({ octokit, at }: GitHub, { number }: Pull, names: readonly string[]): Promise<number> =>
  doing(`ask for reviews of pull request #${number}`, WRITE, async () => {
    const teams = names.flatMap((each) => each.split('/')[1] ?? []);
    const users = names.filter((each) => !each.includes('/'));
    const whom = {
      ...(users.length > 0 ? { reviewers: users } : {}),
      ...(teams.length > 0 ? { team_reviewers: teams } : {}),
    };
    try {
      await octokit.rest.pulls.requestReviewers({ ...at, pull_number: number, ...whom });
      return 0;
    } catch (problem) {
      const status = statusOf(problem);
      if (status === 422 || (isForbidden(status) && !isOfPace(problem))) return status;
      throw problem;
    }
  });

/** A limit is no refusal. */
const isOfPace = (problem: unknown): boolean => /\brate limit/i.test((problem as Error).message);

interface Event {
  event?: string;
  requested_reviewer?: { login: string } | null;
  requested_team?: { slug: string } | null;
}

/** By anybody, also who has answered since, or was taken off the list by hand. Null where this token may not see it. */
async function askedBefore({ octokit, at }: GitHub, number: number): Promise<Set<string> | null> {
  const events = await doing(`read whom pull request #${number} has asked`, READ, async () => {
    try {
      const about = { ...at, issue_number: number, per_page: 100 };
      return (await octokit.paginate(octokit.rest.issues.listEvents, about)) as Event[];
    } catch (problem) {
      if (isForbidden(statusOf(problem)) && !isOfPace(problem)) return null;
      throw problem;
    }
  });
  if (events === null) return null;
  const names = events
    .filter(({ event }) => event === 'review_requested')
    .flatMap(({ requested_reviewer: user, requested_team: team }) => [
      ...(user ? [user.login] : []),
      ...(team ? [`${at.owner}/${team.slug}`] : []),
    ]);
  return new Set(names.map((each) => each.toLowerCase()));
}
