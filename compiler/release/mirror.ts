/**
 * The ledger as GitHub's Deployments show it. The ledger is what counts: nothing here is read by a deploy, and what
 * GitHub has confirmed (`<state>/github.json`) only saves requests. Where that is lost, GitHub is asked again.
 */
import { join } from 'node:path';
import {
  type Deployment,
  type DeploymentStatus,
  putDeployment,
  putDeploymentStatus,
} from '../clients/github/deployments.ts';
import type { GitHub } from '../clients/github/github.ts';
import { isObject, type RecordFile, readRecordFile, writeRecordFile } from '../operate/machine/record-file.ts';
import type { Workspace } from '../operate/workspace.ts';
import { type Attempt, attempts } from './ledger.ts';

export interface Mirrored {
  deployment: Deployment;
  /** In order; the last is how it is. */
  statuses: DeploymentStatus[];
}

interface Confirmed {
  /** Another repository knows none of it. */
  repository: string;
  /** By key. */
  deployments: Record<string, { id: number; states: string[] }>;
}

export interface Published {
  deployments: number;
  statuses: number;
  /** Attempts without a commit, of which GitHub can show nothing. */
  withoutCommit: number;
  /** What GitHub did not take, and why. */
  refused: { to: string; why: string }[];
}

/** Of each attempt that has a commit, the oldest first. */
export function mirrorOf(all: readonly Attempt[], environment: string): Mirrored[] {
  return all.flatMap((attempt, index) => {
    const { id, at, action, from, to, commit, by, plan = null } = attempt;
    if (commit === null) return [];
    const changes = commit.dirty ? ', with changes that are not in the commit' : '';
    const deployment = {
      ...{ key: `${environment} ${id} ${at}`, commit: commit.id, environment, task: action },
      description: `Release ${to}${changes}; ${action} of ${at.slice(0, 16).replace('T', ' ')} UTC by ${by}`,
      facts: { attempt: id, at, release: to, before: from, by, plan },
    };
    return [{ deployment, statuses: statusesOf(attempt, all.slice(index + 1)) }];
  });
}

function statusesOf({ to, from, ended }: Attempt, later: readonly Attempt[]): DeploymentStatus[] {
  if (ended === null && later.length === 0)
    return [{ state: 'in_progress', description: `Release ${to} is being brought up, or was cut short.` }];
  if (ended === null) return [{ state: 'failure', description: `Cut short; a later attempt has ended it.` }];
  if (ended.outcome !== 'done') return [{ state: 'failure', description: failureOf(ended.outcome, from) }];
  const next = later.find((each) => each.ended?.outcome === 'done');
  return [
    { state: 'success', description: `Release ${to} runs since ${ended.at.slice(0, 16).replace('T', ' ')} UTC.` },
    ...(next ? [{ state: 'inactive' as const, description: `${next.action} of release ${next.to} came after.` }] : []),
  ];
}

/** What went wrong names tools and addresses, and stays in the ledger: who may read a repository may not read all. */
function failureOf(outcome: 'undone' | 'failed' | 'refused', from: string | null): string {
  if (outcome === 'refused') return 'Refused before anything was changed; `mlops releases show` says why.';
  if (outcome === 'undone') return `Failed, and release ${from} runs again; \`mlops releases show\` says why.`;
  return 'Failed, and nothing was taken back; `mlops releases show` says why.';
}

const confirmedFile = ({ state }: Workspace): RecordFile<Confirmed> => ({
  path: join(state, 'github.json'),
  isRecord: (value): value is Confirmed =>
    isObject(value) &&
    typeof value['repository'] === 'string' &&
    isObject(value['deployments']) &&
    Object.values(value['deployments']).every(
      (each) => isObject(each) && typeof each['id'] === 'number' && Array.isArray(each['states']),
    ),
});

/** Brings GitHub up to date. Stops where GitHub does, and goes on there the next time. */
export async function publish(workspace: Workspace, github: GitHub): Promise<Published> {
  const all = attempts(workspace);
  const wanted = mirrorOf(all, workspace.environment);
  const { baseUrl } = github.octokit.request.endpoint.DEFAULTS;
  const repository = `${baseUrl}/repos/${github.at.owner}/${github.at.repo}`;
  const file = confirmedFile(workspace);
  const kept = readRecordFile(file);
  const record: Confirmed = kept?.repository === repository ? kept : { repository, deployments: {} };
  const done: Published = { deployments: 0, statuses: 0, withoutCommit: all.length - wanted.length, refused: [] };
  const keep = () => writeRecordFile(file, record);
  // Somebody may have deleted it there since; then it is made again.
  for (const each of wanted)
    if ((await mirror(github, each, { record, done, keep })) === 'gone') {
      delete record.deployments[each.deployment.key];
      await mirror(github, each, { record, done, keep });
    }
  return done;
}

interface Steps {
  record: Confirmed;
  done: Published;
  keep(): void;
}

async function mirror(github: GitHub, { deployment, statuses }: Mirrored, { record, done, keep }: Steps) {
  const { key, facts } = deployment;
  if (record.deployments[key] === undefined) {
    const id = await putDeployment(github, deployment);
    if (typeof id !== 'number') {
      done.refused.push({ to: String(facts['release']), why: id.refused });
      return 'refused';
    }
    record.deployments[key] = { id, states: [] };
    done.deployments += 1;
    keep();
  }
  const { id, states } = record.deployments[key];
  for (const status of statuses.filter(({ state }) => !states.includes(state))) {
    const isNew = await putDeploymentStatus(github, id, status);
    if (isNew === null) return 'gone';
    if (isNew) done.statuses += 1;
    states.push(status.state);
    keep();
  }
  return 'there';
}
