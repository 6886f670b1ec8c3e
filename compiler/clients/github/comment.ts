/** One comment of ours on a pull request, kept current in place. */
import { doing, type GitHub, statusOf } from './github.ts';

interface Comment {
  id: number;
  body?: string | undefined;
  user: { login: string } | null;
}

/** The token of a workflow may not ask who it is. */
const WORKFLOWS = 'github-actions[bot]';
const NEEDS = '`pull-requests: write`';

/**
 * Found by the marker at its beginning and by its author: anybody can write a marker. Where several of ours stand, by
 * two runs at once, the oldest stays.
 */
export async function putComment(github: GitHub, number: number, marker: string, body: string): Promise<void> {
  const author = await whoWeAre(github);
  let ours = await commentsOf(github, number, marker, author);
  if (ours.length === 0) {
    const made = await write(github, number, body);
    ours = await commentsOf(github, number, marker, made.user?.login ?? author);
  }
  const kept = await updated(github, ours, body);
  if (kept === null) {
    await write(github, number, body);
    return;
  }
  for (const { id } of ours) if (id > kept) await remove(github, id);
}

async function whoWeAre({ octokit }: GitHub): Promise<string> {
  try {
    return (await octokit.rest.users.getAuthenticated()).data.login;
  } catch (problem) {
    if (statusOf(problem) === 403) return WORKFLOWS;
    return doing('ask whose it is', 'to be valid', () => Promise.reject(problem));
  }
}

async function commentsOf({ octokit, at }: GitHub, number: number, marker: string, author: string): Promise<Comment[]> {
  const all: Comment[] = await doing(`read the comments of pull request #${number}`, NEEDS, () =>
    octokit.paginate(octokit.rest.issues.listComments, { ...at, issue_number: number, per_page: 100 }),
  );
  return all
    .filter(({ body, user }) => body?.startsWith(marker) && user?.login === author)
    .sort((one, other) => one.id - other.id);
}

const write = ({ octokit, at }: GitHub, number: number, body: string): Promise<Comment> =>
  doing(`comment on pull request #${number}`, NEEDS, async () => {
    const { data } = await octokit.rest.issues.createComment({ ...at, issue_number: number, body });
    return data;
  });

/** The number of the one that has the text now; null where somebody has deleted them all meanwhile. */
async function updated({ octokit, at }: GitHub, ours: readonly Comment[], body: string): Promise<number | null> {
  for (const { id, body: before } of ours) {
    const isThere = await doing('update the comment', NEEDS, async () => {
      try {
        if (before !== body) await octokit.rest.issues.updateComment({ ...at, comment_id: id, body });
        return true;
      } catch (problem) {
        if (statusOf(problem) === 404) return false;
        throw problem;
      }
    });
    if (isThere) return id;
  }
  return null;
}

const remove = ({ octokit, at }: GitHub, id: number): Promise<void> =>
  doing('delete a comment of ours that stands twice', NEEDS, async () => {
    try {
      await octokit.rest.issues.deleteComment({ ...at, comment_id: id });
    } catch (problem) {
      if (statusOf(problem) !== 404) throw problem;
    }
  });
