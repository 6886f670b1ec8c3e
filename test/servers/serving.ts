/** The online API under load: a promotion goes live and a restart drains, and no request is dropped. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRecord } from '../../compiler/operate/supervisor/run-state.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';
import { askMlflow, type Chapter, eventually, getJson, type Stage } from './stage.ts';
import { Traffic } from './traffic.ts';

const MODEL = 'departure_delay';

interface Version {
  version: string;
  source: string;
  run_id: string;
}

export const chapter: Chapter = {
  title: 'The online API under load',
  async run(stage) {
    await stage.check(
      'a promotion goes live without a restart and without a dropped request, and so does taking it back',
      () => promotion(stage),
    );
    await stage.check('a version that somebody makes champion in MLflow is not served', () => intruder(stage));
    await stage.check('an API that is told to stop answers what it has accepted, and comes back', () => drain(stage));
    await stage.check('two workers of one API count together, and drain as one does', () => withWorkers(stage, 2));
  },
};

async function mlflow<T>(stage: Stage, path: string, body?: unknown, method = 'POST'): Promise<T> {
  if (body === undefined) return askMlflow<T>(stage, path);
  const headers = { 'content-type': 'application/json' };
  return askMlflow<T>(stage, path, { method, body: JSON.stringify(body), headers });
}

const champion = async (stage: Stage): Promise<Version> =>
  (await mlflow<{ model_version: Version }>(stage, `registered-models/alias?name=${MODEL}&alias=champion`))
    .model_version;

const promote = (stage: Stage, version: string) =>
  stage.mlops('promote', MODEL, version, '--env', stage.environment, '--reason', 'the chapter on serving');

/** Another version of the same model, as any client of MLflow can make one. */
async function another({ source, run_id }: Version, stage: Stage): Promise<Version> {
  const asked = { name: MODEL, source, run_id, model_id: source.replace('models:/', '') };
  return (await mlflow<{ model_version: Version }>(stage, 'model-versions/create', asked)).model_version;
}

async function promotion(stage: Stage): Promise<void> {
  const before = await champion(stage);
  const made = await another(before, stage);
  const traffic = await Traffic.start(stage, MODEL);
  try {
    for (const version of [made.version, before.version]) {
      await promote(stage, version);
      await eventually(30, async () => {
        const last = traffic.answered.at(-1)?.version;
        if (last !== version) throw new Error(`version ${last} still answers, and ${version} is champion`);
      });
      await sleep(2000);
    }
  } finally {
    await promote(stage, before.version);
    await traffic.stop();
  }
  if (traffic.failed.length > 0) throw new Error(`dropped: ${traffic.failures()}`);
  const versions = traffic.answered.map(({ version }) => version);
  stage.note(
    `${versions.length} answered, ${versions.filter((version) => version === made.version).length} of them by ` +
      `version ${made.version}, none dropped`,
  );
}

/** Somebody who reaches MLflow makes a version champion, and has asked neither training nor `mlops promote`. */
async function intruder(stage: Stage): Promise<void> {
  const before = await champion(stage);
  const made = await another(before, stage);
  const traffic = await Traffic.start(stage, MODEL);
  try {
    await mlflow(stage, 'registered-models/alias', { name: MODEL, alias: 'champion', version: made.version });
    await eventually(30, async () => {
      const api = `${stage.address(`serving-${MODEL}`)}/v1/models/${MODEL}`;
      const { problem } = await getJson<{ problem: string | null }>(api);
      if (!problem?.includes('registered by no training')) throw new Error(`the API says: ${problem}`);
    });
  } finally {
    await promote(stage, before.version);
    await traffic.stop();
  }
  if (traffic.failed.length > 0) throw new Error(`dropped: ${traffic.failures()}`);
  const others = traffic.answered.filter(({ version }) => version !== before.version);
  if (others.length > 0) throw new Error(`version ${others[0]?.version} has answered`);
  stage.note(`${traffic.answered.length} answered by version ${before.version}, none by version ${made.version}`);
}

/** The model asks for more workers, is deployed, tried, and put back as it was. */
async function withWorkers(stage: Stage, workers: number): Promise<void> {
  const spec = join(stage.root, 'models', MODEL, 'model.yaml');
  const before = readFileSync(spec, 'utf8');
  const asked = before.replace('online: {', `online: {workers: ${workers}, `);
  if (asked === before) throw new Error(`${spec} has no line that begins 'online: {'`);
  const take = async (text: string) => {
    writeFileSync(spec, text);
    await stage.mlops('compile');
    await stage.mlops('deploy', '--env', stage.environment);
  };
  try {
    await take(asked);
    const traffic = await Traffic.start(stage, MODEL, 8, 0);
    await sleep(3000);
    await traffic.stop();
    if (traffic.failed.length > 0) throw new Error(`not answered: ${traffic.failures()}`);
    // Whichever worker is asked, it answers for all.
    const counts = await Promise.all(Array.from({ length: 6 }, () => counted(stage)));
    stage.note(`${traffic.answered.length} answered; six scrapes counted ${[...new Set(counts)].join(', ')}`);
    if (counts.some((count) => count !== traffic.answered.length)) throw new Error('the workers do not count together');
    await drain(stage);
  } finally {
    await take(before);
  }
}

/** Requests that the API has answered well since it began. */
async function counted(stage: Stage): Promise<number> {
  const response = await fetch(`${stage.address(`serving-${MODEL}`)}/metrics`, { headers: { connection: 'close' } });
  const lines = (await response.text())
    .split('\n')
    .filter((line) => /^mlops_serving_requests_total\{.*status="200"/.test(line));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function drain(stage: Stage): Promise<void> {
  const workspace = openWorkspace(stage.root, stage.environment);
  const processOf = () => readRecord(workspace)?.units.find(({ name }) => name === `serving-${MODEL}`)?.process?.pid;
  const old = processOf();
  if (!old) throw new Error('the API is not running');
  const traffic = await Traffic.start(stage, MODEL, 8, 0);
  try {
    await sleep(2000);
    process.kill(old, 'SIGTERM');
    await eventually(60, async () => {
      if (processOf() === old) throw new Error('the API does not end');
      await getJson(`${stage.address(`serving-${MODEL}`)}/readyz`);
    });
    await sleep(1000);
  } finally {
    await traffic.stop();
  }
  // Who comes while nobody listens is refused at the door, and knows it. What the API has in its own log it had let in.
  const log = join(stage.state, 'logs', `serving-${MODEL}.log`);
  const letIn = new Set(
    [...readFileSync(log, 'utf8').matchAll(/"http\.request\.id": "([^"]+)"/g)].map((match) => match[1]),
  );
  const dropped = traffic.failedIds.filter((id, at) => letIn.has(id) && !/^\d+$/.test(traffic.failed[at] ?? ''));
  stage.note(`${traffic.answered.length} answered; not let in meanwhile: ${traffic.failures()}`);
  if (dropped.length > 0)
    throw new Error(`${dropped.length} requests were let in and not answered: ${traffic.failures()}`);
}
