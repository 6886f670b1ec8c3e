/**
 * Releases of a platform that runs on servers: what a commit changes is seen in the tool that it is for, a rollback
 * takes all of it back, and what somebody changes by hand is named and put back.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { $ } from 'zx';
import { airflowOf } from '../../compiler/operate/pipelines/airflow.ts';
import { currentRelease } from '../../compiler/operate/releases.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';
import { heldBackFlights } from '../../scripts/demo/held-back.ts';
import { processesOf as processesIn } from '../../scripts/demo/pushes.ts';
import { airflowHeaders, askMlflow, type Chapter, eventually, getJson, type Stage } from './stage.ts';
import { Traffic } from './traffic.ts';

const MODEL = 'departure_delay';
const PIPELINE = 'flights';
const ALERT = 'departures_answered_late';
const NEW_STREAM = 'airport_delays';
/** What is killed or changed nowhere in this chapter, and read by nothing that it changes. */
const UNTOUCHED = ['postgres', 'redis', 'kafka', 'mlflow', 'airflow-api-server', 'airflow-scheduler', 'opensearch'];

export const chapter: Chapter = {
  title: 'Releases: deployed, taken back, changed by hand',
  async run(stage) {
    const before: Scene = { specs: specsOf(stage), seen: await look(stage), champion: await championOf(stage) };
    await stage.check('a commit that changes six parts is seen in each of six tools', () => change(stage, before));
    await stage.check('a rollback takes it all back, with the champion, and moves no offset and no value', () =>
      takeBack(stage, before),
    );
    await restore(stage, before);
    await stage.check('what somebody changes by hand is named object by object, and a deploy puts it back', () =>
      byHand(stage),
    );
  },
};

interface Scene {
  specs: Map<string, string>;
  seen: Seen;
  champion: string;
}

/** What each of the six tools says. */
interface Seen {
  schedule: string | null | undefined;
  /** Seconds that the alert has to hold. */
  holds: number | undefined;
  ttl: number;
  /** Topics of that name. */
  topics: string[];
  consumers: string[];
  /** Status of the API's answer to a request for the far end of the world. */
  farAway: number;
}

/** A file, what is in it, and what stands there instead. */
const EDITS: [string, string, string][] = [
  ['pipelines/flights/pipeline.yaml', '"20 * * * *"', '"25 * * * *"'],
  ['monitoring/departures.yaml', 'for: 10m', 'for: 15m'],
  ['features/airport_weather.yaml', 'ttl: 12h', 'ttl: 13h'],
  [`features/${NEW_STREAM}.yaml`, 'batch: {', `stream: {topic: ${NEW_STREAM}}\nbatch: {`],
  [`models/${MODEL}/model.yaml`, 'unit: mi, min: 0,', 'unit: mi, min: 0, max: 6000,'],
];

const specsOf = ({ root }: Stage): Map<string, string> =>
  new Map(EDITS.map(([path]) => [path, readFileSync(join(root, path), 'utf8')]));

interface Probed {
  topics: string[];
  offsets: Record<string, number[]>;
  ttl: number;
}

const probe = async <T>(stage: Stage, what: string): Promise<T> =>
  JSON.parse((await stage.python('test/servers/releases_probe.py', what)).trimEnd().split('\n').at(-1) ?? '') as T;

async function look(stage: Stage): Promise<Seen> {
  const { topics, ttl } = await probe<Probed>(stage, 'look');
  const dags = await airflowOf(openWorkspace(stage.root, stage.environment)).dags();
  const { data } = await getJson<{ data: { groups: { rules: { name: string; duration?: number }[] }[] } }>(
    `${stage.address('prometheus')}/api/v1/rules`,
  );
  const alert = data.groups.flatMap(({ rules }) => rules).find(({ name }) => name === ALERT);
  return {
    schedule: dags.find(({ dag_id: id }) => id === PIPELINE)?.timetable_summary,
    holds: alert?.duration,
    ttl,
    topics: topics.filter((name) => name.startsWith(NEW_STREAM)),
    consumers: [...processesOf(stage).keys()].filter((name) => name.endsWith(NEW_STREAM)),
    farAway: await askFarAway(stage),
  };
}

async function askFarAway(stage: Stage): Promise<number> {
  const [flight] = await heldBackFlights(openWorkspace(stage.root, stage.environment), MODEL, 1);
  if (!flight) throw new Error('no flight is to come: is the present set to another time?');
  const response = await fetch(`${stage.address(`serving-${MODEL}`)}/v1/models/${MODEL}:predict`, {
    method: 'POST',
    body: JSON.stringify({ instances: [{ ...flight.instance, distance: 7000 }] }),
    headers: { 'content-type': 'application/json' },
  });
  await response.text();
  return response.status;
}

const processesOf = (stage: Stage): Map<string, string> => processesIn(openWorkspace(stage.root, stage.environment));

async function championOf(stage: Stage): Promise<string> {
  const { model_version: found } = await askMlflow<{ model_version: { version: string } }>(
    stage,
    `registered-models/alias?name=${MODEL}&alias=champion`,
  );
  return found.version;
}

/** What `mlops drift` finds: addresses by tool. */
export async function drifted(stage: Stage): Promise<string[]> {
  const words = ['drift', '--env', stage.environment, '--format', 'json'];
  const { stdout, stderr } = await $({ cwd: stage.root, quiet: true, nothrow: true })`node bin/mlops.js ${words}`;
  if (!stdout.startsWith('{')) throw new Error(`mlops drift says: ${stdout}${stderr}`);
  const { tools } = JSON.parse(stdout) as {
    tools: { tool: string; problem: string | null; differences: { address: string; kind: string }[] }[];
  };
  return tools.flatMap(({ tool, problem, differences }) => [
    ...(problem === null ? [] : [`${tool}: ${problem}`]),
    ...differences.map(({ address, kind }) => `${address} ${kind}`),
  ]);
}

async function requireNoDrift(stage: Stage, when: string): Promise<void> {
  const found = await drifted(stage);
  if (found.length > 0) throw new Error(`${when}, what runs is not as deployed: ${found.join('; ')}`);
}

function requireEqual<T>(is: T, wanted: T, what: string): void {
  if (!isDeepStrictEqual(is, wanted))
    throw new Error(`${what}: ${JSON.stringify(is)}, and not ${JSON.stringify(wanted)}`);
}

async function commit(stage: Stage, message: string): Promise<void> {
  await stage.mlops('compile');
  const git = $({ cwd: stage.root, quiet: true });
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  await git`git add --all features pipelines models monitoring generated`;
  await git`git ${who} commit --quiet --message ${message}`;
}

async function change(stage: Stage, before: Scene): Promise<void> {
  requireEqual(before.seen.farAway, 200, 'a request for the far end of the world, before');
  for (const [path, what, by] of EDITS) {
    const text = before.specs.get(path) ?? '';
    if (!text.includes(what)) throw new Error(`${path} has no '${what}'`);
    writeFileSync(join(stage.root, path), text.replace(what, by));
  }
  await commit(stage, 'Six parts');
  const processes = processesOf(stage);
  const begun = Date.now();
  await stage.mlops('deploy', '--env', stage.environment);
  const seconds = ((Date.now() - begun) / 1000).toFixed(0);
  const seen = await eventually(30, async () => {
    const now = await look(stage);
    requireEqual(now.topics.length, 2, `topics of ${NEW_STREAM}`);
    return now;
  });
  requireEqual(
    seen,
    {
      schedule: '25 * * * *',
      holds: 900,
      ttl: 13 * 3600,
      topics: seen.topics,
      consumers: [`stream-${NEW_STREAM}`],
      farAway: 422,
    },
    'after the deploy',
  );
  const now = processesOf(stage);
  const again = [...now].filter(([name, process]) => processes.get(name) !== process).map(([name]) => name);
  stage.note(`deployed in ${seconds} s; started: ${again.join(', ')}`);
  requireEqual(
    UNTOUCHED.filter((name) => again.includes(name)),
    [],
    'started again without a reason',
  );
  await requireNoDrift(stage, 'right after the deploy');
}

async function takeBack(stage: Stage, before: Scene): Promise<void> {
  const left = await probe<Probed>(stage, 'look');
  const values = await valuesOf(stage);
  const made = await anotherVersion(stage);
  await stage.mlops('promote', MODEL, made, '--env', stage.environment, '--reason', 'the chapter on releases');
  const traffic = await Traffic.start(stage, MODEL);
  const begun = Date.now();
  try {
    await stage.mlops('rollback', '--env', stage.environment);
  } finally {
    await traffic.stop();
  }
  stage.note(
    `taken back in ${((Date.now() - begun) / 1000).toFixed(0)} s; ${traffic.answered.length} requests answered ` +
      `meanwhile, not answered: ${traffic.failures()}`,
  );
  requireEqual(await look(stage), before.seen, 'after the rollback');
  requireEqual(await championOf(stage), before.champion, 'the champion after the rollback');
  await eventually(30, async () => {
    const api = `${stage.address(`serving-${MODEL}`)}/v1/models/${MODEL}`;
    const { model_version: serves } = await getJson<{ model_version: string }>(api);
    requireEqual(serves, before.champion, 'the version that the API serves');
  });
  requireEqual((await probe<Probed>(stage, 'look')).offsets, left.offsets, "the consumers' offsets");
  requireEqual(await valuesOf(stage), values, 'online values');
  await requireNoDrift(stage, 'right after the rollback');
}

/** One digest of all that Redis holds. */
const valuesOf = async (stage: Stage): Promise<string> => (await probe<{ values: string }>(stage, 'values')).values;

/** Another version of the champion's files, as any client of MLflow can make one. */
async function anotherVersion(stage: Stage): Promise<string> {
  const { model_version: found } = await askMlflow<{ model_version: { source: string; run_id: string } }>(
    stage,
    `registered-models/alias?name=${MODEL}&alias=champion`,
  );
  const { source, run_id } = found;
  const body = JSON.stringify({ name: MODEL, source, run_id, model_id: source.replace('models:/', '') });
  const headers = { 'content-type': 'application/json' };
  const made = await askMlflow<{ model_version: { version: string } }>(stage, 'model-versions/create', {
    ...{ method: 'POST', body, headers },
  });
  return made.model_version.version;
}

/** The specs as they were, as a commit: what is compiled is what runs. */
async function restore(stage: Stage, { specs }: Scene): Promise<void> {
  for (const [path, text] of specs) writeFileSync(join(stage.root, path), text);
  await commit(stage, 'As it was');
}

async function byHand(stage: Stage): Promise<void> {
  const workspace = openWorkspace(stage.root, stage.environment);
  const release = currentRelease(workspace);
  const { topic, view } = await probe<{ topic: string; view: string }>(stage, 'meddle');
  const made = await anotherVersion(stage);
  const headers = { 'content-type': 'application/json' };
  const alias = JSON.stringify({ name: MODEL, alias: 'champion', version: made });
  const was = await championOf(stage);
  await askMlflow(stage, 'registered-models/alias', { method: 'POST', body: alias, headers });
  await pauseDag(stage, true);
  const found = await drifted(stage);
  stage.note(`named: ${found.join('; ')}`);
  for (const name of [topic, view, PIPELINE, MODEL])
    if (!found.some((each) => each.includes(name))) throw new Error(`nothing is said of ${name}: ${found.join('; ')}`);
  await stage.mlops('promote', MODEL, was, '--env', stage.environment, '--reason', 'put back by the chapter');
  const said = await stage.mlops('deploy', '--env', stage.environment);
  if (!said.includes('paused')) throw new Error(`the deploy does not name the DAG that is paused:\n${said}`);
  await pauseDag(stage, false);
  await requireNoDrift(stage, 'once it is put back');
  requireEqual(currentRelease(workspace), release, 'the release that runs');
}

async function pauseDag(stage: Stage, is_paused: boolean): Promise<void> {
  const api = stage.address('airflow-api-server');
  await getJson(`${api}/api/v2/dags/${PIPELINE}`, {
    method: 'PATCH',
    body: JSON.stringify({ is_paused }),
    headers: { 'content-type': 'application/json', ...(await airflowHeaders(stage)) },
  });
}
