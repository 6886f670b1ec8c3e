/**
 * Everything that was not yet killed while data flowed: kill -9 once each, and what was acknowledged is counted
 * afterwards.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { airflowHeaders, askMlflow, type Chapter, eventually, getJson, type Stage } from './stage.ts';
import { Traffic } from './traffic.ts';

const MODEL = 'departure_delay';
/**
 * PostgreSQL, Redis, Kafka and the consumers were killed under the stream; the index and its shipper under the logs.
 */
const KILLED = [
  'mlflow',
  'monitor',
  'prometheus',
  'alertmanager',
  'node-exporter',
  'airflow-scheduler',
  'airflow-dag-processor',
  'airflow-api-server',
  `serving-${MODEL}`,
];

export const chapter: Chapter = {
  title: 'Killed while predictions flow',
  async run(stage) {
    await stage.check(
      `${KILLED.length} processes are killed one after the other; all come back, and no answered prediction is lost`,
      () => killAll(stage),
    );
    await stage.check('what Airflow, MLflow and Prometheus had acknowledged is still there', () => kept(stage));
    await stage.check('the next pipeline run succeeds', () =>
      stage.mlops('run', 'flights', '--env', 'staging', '--follow'),
    );
  },
};

let before: Acknowledged | null = null;

interface Acknowledged {
  runs: number;
  versions: number;
  samples: number;
  until: number;
}

async function killAll(stage: Stage): Promise<void> {
  before = await acknowledged(stage, Math.floor(Date.now() / 1000) - 30);
  const traffic = await Traffic.start(stage, MODEL);
  try {
    for (const name of KILLED) {
      await sleep(1000);
      await stage.kill(name);
    }
    await eventually(300, () => stage.mlops('status', '--env', 'staging')); // the monitor asks again at its next round
    await sleep(2000);
  } finally {
    await traffic.stop();
  }
  const logged = loggedRequests(stage);
  const lost = traffic.answered.filter(({ id }) => !logged.has(id));
  stage.note(
    `${traffic.answered.length} predictions answered, ${traffic.answered.length - lost.length} of them in the ` +
      `prediction log; not answered: ${traffic.failures()}`,
  );
  if (traffic.answered.length < 500) throw new Error(`only ${traffic.answered.length} predictions were answered`);
  if (lost.length > 0) throw new Error(`${lost.length} answered predictions are not in the log`);
}

function loggedRequests(stage: Stage): Set<string> {
  const folder = join(stage.state, 'predictions', MODEL);
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  const lines = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean));
  return new Set(lines.map((line) => (JSON.parse(line) as { request_id: string }).request_id));
}

async function acknowledged(stage: Stage, until: number): Promise<Acknowledged> {
  const query = encodeURIComponent('sum(count_over_time(up[10m]))');
  const [headers, versions, samples] = await Promise.all([
    airflowHeaders(stage),
    askMlflow<{ model_versions?: unknown[] }>(stage, 'model-versions/search?max_results=1000'),
    getJson<{ data: { result: { value: [number, string] }[] } }>(
      `${stage.address('prometheus')}/api/v1/query?query=${query}&time=${until}`,
    ),
  ]);
  const runs = await getJson<{ total_entries: number }>(
    `${stage.address('airflow-api-server')}/api/v2/dags/~/dagRuns?limit=1`,
    {
      headers,
    },
  );
  return {
    runs: runs.total_entries,
    versions: versions.model_versions?.length ?? 0,
    samples: Number(samples.data.result[0]?.value[1] ?? 0),
    until,
  };
}

async function kept(stage: Stage): Promise<void> {
  if (!before) throw new Error('nothing was counted before');
  const now = await acknowledged(stage, before.until);
  stage.note(
    `${now.runs} runs in Airflow (${before.runs} before), ${now.versions} model versions in MLflow, ` +
      `${now.samples} samples of Prometheus`,
  );
  if (now.runs < before.runs || now.versions < before.versions || now.samples < before.samples)
    throw new Error(`before: ${JSON.stringify(before)}; now: ${JSON.stringify(now)}`);
}
