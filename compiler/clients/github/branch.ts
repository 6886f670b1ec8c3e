/** One commit on top of a branch, made of files alone and without a clone: nothing is checked out, no filter is run. */
import { doing, type GitHub, statusOf } from './github.ts';

export interface Edit {
  /** From the top of the repository. */
  path: string;
  /** Null: it goes. */
  content: string | null;
}

export interface Wanted {
  branch: string;
  /** Where the branch must be still. */
  head: string;
  message: string;
  edits: readonly Edit[];
}

const READ = '`contents: read`';
const WRITE = '`contents: write`';
/** Of one request, which GitHub gives some seconds. */
const MOST_FILES = 100;
const MOST_BYTES = 1024 * 1024;
const MODE = '100644';

export interface Branch {
  head: string;
  isProtected: boolean;
}

/** Null where there is none, or none any more. */
export const branchAt = ({ octokit, at }: GitHub, branch: string): Promise<Branch | null> =>
  doing('read the branch', READ, async () => {
    try {
      const { data } = await octokit.rest.repos.getBranch({ ...at, branch });
      return { head: data.commit.sha, isProtected: data.protected };
    } catch (problem) {
      if (statusOf(problem) === 404) return null;
      throw problem;
    }
  });

/** Whether this person may push here: anybody who reads a repository can propose a branch of it. */
export const mayPush = ({ octokit, at }: GitHub, username: string): Promise<boolean> =>
  doing('ask who may push', 'to see who works on the repository', async () => {
    try {
      const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({ ...at, username });
      return ['admin', 'write'].includes(data.permission);
    } catch (problem) {
      if (statusOf(problem) === 404) return false;
      throw problem;
    }
  });

/**
 * The new commit's name; null where the branch has moved, and was left alone. Author and committer are whoever the
 * token is of: named by us, GitHub would not sign it.
 */
export async function commitOn(github: GitHub, { branch, head, message, edits }: Wanted): Promise<string | null> {
  const { octokit, at } = github;
  const tree = await treeOf(github, head, edits);
  const commit = await doing('make a commit', WRITE, async () => {
    const { data } = await octokit.rest.git.createCommit({ ...at, message, tree, parents: [head] });
    return data.sha;
  });
  // GitHub refuses what is not on top of the branch. One that was taken back to an earlier commit it would not notice.
  if ((await branchAt(github, branch))?.head !== head) return null;
  return doing('move the branch to the new commit', WRITE, async () => {
    try {
      await octokit.rest.git.updateRef({ ...at, ref: `heads/${branch}`, sha: commit, force: false });
      return commit;
    } catch (problem) {
      if (statusOf(problem) === 422 && HAS_MOVED.test((problem as Error).message)) return null;
      throw problem;
    }
  });
}

const HAS_MOVED = /not a fast.?forward|reference does not exist/i;

/** The head's own with these changes; what goes first goes, so that a folder may stand where a file was. */
async function treeOf({ octokit, at }: GitHub, head: string, edits: readonly Edit[]): Promise<string> {
  let tree = await doing('read the commit', READ, async () => {
    const { data } = await octokit.rest.git.getCommit({ ...at, commit_sha: head });
    return data.tree.sha;
  });
  for (const part of inParts(edits))
    tree = await doing('write the files', WRITE, async () => {
      const entries = part.map(({ path, content }) => ({
        ...({ path, mode: MODE, type: 'blob' } as const),
        ...(content === null ? { sha: null } : { content }),
      }));
      const { data } = await octokit.rest.git.createTree({ ...at, base_tree: tree, tree: entries });
      return data.sha;
    });
  return tree;
}

function inParts(edits: readonly Edit[]): Edit[][] {
  const parts = [edits.filter(({ content }) => content === null)];
  let bytes = MOST_BYTES;
  for (const edit of edits) {
    if (edit.content === null) continue;
    bytes += Buffer.byteLength(edit.content);
    if (parts.length === 1 || bytes > MOST_BYTES || parts.at(-1)?.length === MOST_FILES) {
      parts.push([]);
      bytes = Buffer.byteLength(edit.content);
    }
    parts.at(-1)?.push(edit);
  }
  return parts.filter((part) => part.length > 0);
}
