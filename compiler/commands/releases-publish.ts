import type { Workspace } from '../operate/workspace.ts';
import { attempts } from '../release/ledger.ts';
import { publish } from '../release/mirror.ts';
import type { Arguments, Context } from './command.ts';
import { githubIfAny } from './on-github.ts';
import { count } from './report.ts';

const WHOLE = 'the ledger is whole without it';

/** `mlops releases publish`: brings GitHub's Deployments up to date with the ledger. Without GitHub nothing fails. */
export async function publishReleases(
  workspace: Workspace,
  options: Arguments['options'],
  context: Context,
): Promise<number> {
  const { environment } = workspace;
  if (attempts(workspace).length === 0) {
    context.out(`Nothing was released to '${environment}' yet, so there is nothing to show on GitHub.\n`);
    return 0;
  }
  const github = githubIfAny(options, context);
  if (typeof github === 'string') {
    context.out(`Nothing is shown on GitHub, as ${github}; ${WHOLE}.\n`);
    return 0;
  }
  const { owner, repo } = github.at;
  const { deployments, statuses, withoutCommit, refused } = await publish(workspace, github);
  const isCurrent = deployments + statuses === 0;
  const made = `${count(deployments, 'deployment')} and ${count(statuses, 'state')} more`;
  context.out(`${owner}/${repo} shows what the ledger of '${environment}' has: ${isCurrent ? 'as before' : made}.\n`);
  if (withoutCommit > 0)
    context.out(`${count(withoutCommit, 'attempt')} of no commit cannot be shown there; \`mlops releases\` has all.\n`);
  for (const { to, why } of refused)
    context.out(
      `Release ${to} is not shown there, as GitHub says: ${why}. A commit that is pushed later is tried again.\n`,
    );
  return 0;
}
