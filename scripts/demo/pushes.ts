/**
 * Interactions 10 to 13: a repository whose hook deploys what is pushed, and four commits, each of which changes one
 * part. The change is looked for in the tool. Afterwards the platform is taken back to what is in this folder.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Airflow } from '../../compiler/clients/airflow.ts';
import { ask, HttpError } from '../../compiler/clients/http.ts';
import { createProgress, inStage } from '../../compiler/operate/progress.ts';
import { currentRelease } from '../../compiler/operate/releases.ts';
import { readRecord } from '../../compiler/operate/supervisor/run-state.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';
import { rollback } from '../../compiler/release/deploy.ts';
import { eventually } from '../../compiler/tools/live.ts';
import type { Stage } from './follow-model.ts';
import { heldBackFlights } from './held-back.ts';
import { apiOf, type Instance } from './online-api.ts';
import { pipelineOf, specOf } from './pipeline-contracts.ts';
import { type Commit, Repository } from './pushed-repository.ts';

/** Seconds in which Airflow's lists follow what it has read. */
const PATIENCE = 20;

/** What somebody changes, and how it is seen that it runs. */
interface Change extends Commit {
  /** What the tool is asked for, in a few words, and what it says. */
  what: string;
  look(): Promise<string>;
}

/** The evidence of each: null where the tool does not show it, undefined where the specs have no such part. */
export async function followPushes(
  stage: Stage,
  pipeline: string,
  model: string,
): Promise<(string | null | undefined)[]> {
  const { workspace, progress } = stage;
  const before = currentRelease(workspace);
  const repository = await Repository.of(workspace);
  try {
    const proofs: (string | null | undefined)[] = [];
    for (const change of await changes(stage, pipeline, model)) {
      if (change === null) proofs.push(undefined);
      else
        proofs.push(
          await inStage(progress, `Push “${change.message}”`, () => push(stage, repository, change), shown(change)),
        );
    }
    return proofs;
  } finally {
    repository.remove();
    // Also where a push failed: what is left running with `--keep` is what is in this folder.
    if (currentRelease(workspace) !== before) {
      const back = () => rollback(workspace, silent, before);
      await inStage(progress, 'Taking it all back', back, (id) => `release ${id}`);
    }
  }
}

const silent = createProgress({ isTerminal: false, color: false, out: () => {} });
const shown =
  ({ what }: Change) =>
  (proof: string | null): string =>
    proof ?? `${what} is the same as before`;

async function changes({ airflow, workspace }: Stage, pipeline: string, model: string): Promise<(Change | null)[]> {
  const spec = `models/${model}/model.yaml`;
  const schedule = async (dag: string) =>
    String((await airflow.dags()).find(({ dag_id: id }) => id === dag)?.timetable_summary);
  const [training, scoring] = (['train', 'score'] as const).map((uses) => pipelineOf(workspace, model, uses));
  const hourly = (minute: number) => (before: unknown) => {
    const cron = `${minute} * * * *`;
    return { cron: (before as { cron?: string } | undefined)?.cron === cron ? `${minute + 1} * * * *` : cron };
  };
  return [
    {
      message: 'The data comes later',
      spec: specOf(workspace, pipeline),
      path: ['schedule'],
      to: hourly(25),
      what: `schedule of ${pipeline}`,
      look: () => schedule(pipeline),
    },
    training
      ? {
          message: 'Training may take longer',
          spec,
          path: ['train', 'timeout'],
          to: (before) => (before === '45m' ? '50m' : '45m'),
          what: `longest step of ${training}`,
          look: () => timeoutOf(airflow, training),
        }
      : null,
    scoring
      ? {
          message: 'Scored every hour',
          spec,
          path: ['serving', 'batch', 'schedule'],
          to: hourly(58), // the data pipeline has ended by then
          what: `schedule of ${scoring}`,
          look: () => schedule(scoring),
        }
      : null,
    await bounded(workspace, spec, model),
  ];
}

async function timeoutOf(airflow: Airflow, dag: string): Promise<string> {
  const limits = [...(await airflow.timeouts(dag)).values()].map(Number);
  return `${Math.max(...limits) / 60} min`;
}

/** A bound for what callers give, just below what one of them gives. */
async function bounded(workspace: Workspace, spec: string, model: string): Promise<Change | null> {
  const [flight] = apiOf(workspace, model) === null ? [] : await heldBackFlights(workspace, model, 1);
  const { request = {} } = parse(readFileSync(join(workspace.root, spec), 'utf8')) as {
    request?: Record<string, { min?: number }>;
  };
  const [found] = Object.entries(flight?.instance ?? {}).flatMap(([field, value]) =>
    typeof value === 'number' && field in request && value - 1 > (request[field]?.min ?? 0) ? [{ field, value }] : [],
  );
  if (flight === undefined || found === undefined) return null;
  const { field, value } = found;
  return {
    message: `No ${field} above ${value - 1}`,
    spec,
    path: ['request', field, 'max'],
    to: () => value - 1,
    what: `a request with ${field} ${value}`,
    look: () => statusOf(workspace, model, flight.instance),
  };
}

async function statusOf(workspace: Workspace, model: string, instance: Instance): Promise<string> {
  const body = { instances: [instance] };
  return ask('The online API', `${apiOf(workspace, model)}:predict`, { method: 'POST', body, timeout: 30 }).then(
    () => 'answered',
    (problem: unknown) =>
      problem instanceof HttpError ? `refused (${problem.status})` : Promise.reject(problem as Error),
  );
}

/** Null where the tool says the same as before. */
async function push({ workspace }: Stage, repository: Repository, change: Change): Promise<string | null> {
  const before = await change.look();
  const running = processesOf(workspace);
  const { commit, release } = await repository.push(change);
  let after = before;
  await eventually(PATIENCE, async () => {
    after = await change.look();
    return after === before ? 'the same as before' : null;
  });
  if (after === before) return null;
  const again = [...processesOf(workspace)].filter(([name, id]) => running.get(name) !== id).map(([name]) => name);
  return (
    `commit ${commit.slice(0, 8)}, release ${release}: ${change.what}: ${before} → ${after}; ` +
    `started again: ${again.length === 0 ? 'no process' : again.join(', ')}`
  );
}

/** What runs, by name, and which process it is. */
export const processesOf = (workspace: Workspace): Map<string, string> =>
  new Map(
    (readRecord(workspace)?.units ?? []).flatMap(({ name, kind, process }) =>
      kind === 'step' || process === null ? [] : [[name, `${process.pid} ${process.started}`]],
    ),
  );
