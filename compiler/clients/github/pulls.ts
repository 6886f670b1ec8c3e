/** Pull requests, and what of them is ours to set beside the comment. */
import { doing, type GitHub, statusOf } from './github.ts';

export interface Pull {
  number: number;
  head: string;
  base: string;
  author: string;
  isDraft: boolean;
  /** The branch that it is of; null where that is another repository's, such as a fork's. */
  branch: string | null;
  /** Branches that are no pull request's own: the one that it goes into, and the default one. */
  targets: readonly string[];
}

const READ = '`pull-requests: read`';
const WRITE = '`pull-requests: write`';

interface Answer {
  number: number;
  head: { sha: string; ref: string; repo: { id: number } | null };
  base: { sha: string; ref: string; repo: { id: number; default_branch?: string | undefined } };
  user: { login: string } | null;
  draft?: boolean | undefined;
}

const pullOf = ({ number, head, base, user, draft }: Answer): Pull => ({
  ...{ number, head: head.sha, base: base.sha, author: user?.login ?? '', isDraft: draft === true },
  // By number: a name may be written otherwise, and be another's by now. A repository that is gone has none.
  branch: head.repo !== null && head.repo.id === base.repo.id ? head.ref : null,
  targets: [base.ref, ...(base.repo.default_branch === undefined ? [] : [base.repo.default_branch])],
});

export const pullAt = ({ octokit, at }: GitHub, number: number): Promise<Pull> =>
  doing(`read pull request #${number}`, READ, async () =>
    pullOf((await octokit.rest.pulls.get({ ...at, pull_number: number })).data),
  );

/** The open ones with this commit at their head; of who asks nothing else is taken. */
export const pullsWith = ({ octokit, at }: GitHub, commit: string): Promise<Pull[]> =>
  doing('read the open pull requests', READ, async () => {
    const all = await octokit.paginate(octokit.rest.pulls.list, { ...at, state: 'open', per_page: 100 });
    return all.filter(({ head }) => head.sha === commit).map(pullOf);
  });

/** Of the labels that are ours it has these afterwards; others are left as they are. */
export async function putLabels(github: GitHub, number: number, wanted: readonly string[], ours: readonly string[]) {
  const { octokit, at } = github;
  const issue = { ...at, issue_number: number };
  await doing(`set the labels of pull request #${number}`, WRITE, async () => {
    const found = await octokit.paginate(octokit.rest.issues.listLabelsOnIssue, { ...issue, per_page: 100 });
    const names = new Set(found.map(({ name }) => name));
    const added = wanted.filter((each) => !names.has(each));
    if (added.length > 0) await octokit.rest.issues.addLabels({ ...issue, labels: added });
    for (const name of ours) if (names.has(name) && !wanted.includes(name)) await takeOff(github, number, name);
  });
}

async function takeOff({ octokit, at }: GitHub, number: number, name: string): Promise<void> {
  try {
    await octokit.rest.issues.removeLabel({ ...at, issue_number: number, name });
  } catch (problem) {
    // Somebody was quicker.
    if (statusOf(problem) !== 404) throw problem;
  }
}
