/**
 * Deployments and their statuses. A request that makes one is never just sent again: where its answer was lost, it is
 * asked first whether it was done.
 */
import { doing, type GitHub, statusOf } from './github.ts';

export type DeploymentState = 'in_progress' | 'success' | 'failure' | 'inactive';

export interface Deployment {
  /** By which it is known again, of all that there are of this commit in this environment. */
  key: string;
  commit: string;
  environment: string;
  /** `deploy`, `rollback` */
  task: string;
  description: string;
  /** What else is kept with it. */
  facts: Readonly<Record<string, string | number | null>>;
}

export interface DeploymentStatus {
  state: DeploymentState;
  description: string;
}

const NEEDS = '`deployments: write`';
const TRIES = 3;
/** Of a description, at GitHub. */
const LONGEST = 140;
const KEY = 'mlops';
const ONCE = { request: { retries: 0 } };

/** GitHub does not take this one, and the next may be another matter. */
export interface Refused {
  refused: string;
}

/** Its number; what is there already is left as it is. */
export const putDeployment = (github: GitHub, wanted: Deployment): Promise<number | Refused> =>
  doing(`record a deployment of ${wanted.commit.slice(0, 12)}`, NEEDS, async () => {
    try {
      const found = await once<Numbers>(
        github,
        () => numbersOf(github, wanted),
        async () => [await create(github, wanted)],
      );
      // Of two runs at once both have found none; both keep the older.
      const [kept, ...others] = (await numbersOf(github, wanted)) ?? found;
      for (const each of others)
        await putState(github, each, { state: 'inactive', description: `Stands twice; see deployment ${kept}.` });
      return kept;
    } catch (problem) {
      if (statusOf(problem) === 422) return { refused: (problem as Error).message.split(' - https:')[0] ?? '' };
      throw problem;
    }
  });

/** Whether it was not there yet: none of ours has a state twice. Null where there is no such deployment any more. */
export const putDeploymentStatus = (github: GitHub, id: number, status: DeploymentStatus): Promise<boolean | null> =>
  doing(`record that deployment ${id} is '${status.state}'`, NEEDS, async () => {
    try {
      return await putState(github, id, status);
    } catch (problem) {
      if (statusOf(problem) === 404) return null;
      throw problem;
    }
  });

const putState = (github: GitHub, id: number, status: DeploymentStatus): Promise<boolean> =>
  once(
    github,
    async () => ((await statesOf(github, id)).includes(status.state) ? false : null),
    () => add(github, id, status),
  );

/** What is found, or sent; sent again only where it is not found. */
async function once<T>(github: GitHub, found: () => Promise<T | null>, send: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    const there = await found();
    if (there !== null) return there;
    try {
      return await send();
    } catch (problem) {
      if (statusOf(problem) < 500 || tried === TRIES) throw problem;
      await github.wait(tried ** 2);
    }
  }
}

type Numbers = [number, ...number[]];

/** The oldest first; null where there is none. */
async function numbersOf({ octokit, at }: GitHub, { key, commit, environment }: Deployment): Promise<Numbers | null> {
  const about = { ...at, environment, sha: commit, per_page: 100 };
  const all = await octokit.paginate(octokit.rest.repos.listDeployments, about);
  const ours = all.filter(({ payload }) => keyIn(payload) === key).map(({ id }) => id);
  return ours.length === 0 ? null : (ours.sort((one, other) => one - other) as Numbers);
}

/** An object, or the text of one. */
function keyIn(payload: unknown): unknown {
  try {
    const value = typeof payload === 'string' ? JSON.parse(payload) : payload;
    return (value as Record<string, unknown> | null)?.[KEY];
  } catch {
    return undefined; // somebody else's
  }
}

async function create({ octokit, at }: GitHub, wanted: Deployment): Promise<number> {
  const { key, commit, environment, task, description, facts } = wanted;
  const { data } = await octokit.rest.repos.createDeployment({
    ...{ ...at, ...ONCE, ref: commit, environment, task, description: clipped(description) },
    payload: { [KEY]: key, ...facts },
    // It has happened: nothing is to be merged for it, and no check can hold it up.
    auto_merge: false,
    required_contexts: [],
  });
  return (data as { id: number }).id;
}

async function statesOf({ octokit, at }: GitHub, id: number): Promise<string[]> {
  const about = { ...at, deployment_id: id, per_page: 100 };
  return (await octokit.paginate(octokit.rest.repos.listDeploymentStatuses, about)).map(({ state }) => state);
}

async function add({ octokit, at }: GitHub, id: number, { state, description }: DeploymentStatus): Promise<true> {
  const status = { state, description: clipped(description), auto_inactive: false };
  await octokit.rest.repos.createDeploymentStatus({ ...at, ...ONCE, deployment_id: id, ...status });
  return true;
}

const clipped = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
