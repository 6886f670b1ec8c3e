/**
 * `npm run bench -- serving`: the online API beside `mlflow models serve` and `feast serve`, on a running environment
 * with servers (`mlops up --env staging`, a trained champion). Equal concurrency, one worker each, one row a request,
 * the same model and the same keys. Ours looks the features up and predicts; MLflow's is handed the features, Feast's
 * only looks them up: the two together do what ours does. Rounds alternate, because machines are noisy. Load by `wrk`
 * (a Debian package).
 *
 *   npm run bench -- serving                       staging, 8 connections, 3 rounds of 8 seconds
 *   npm run bench -- serving --env ENV --connections N --rounds N --seconds N --model NAME
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';

import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { $, minimist, which } from 'zx';
import { addressOf } from '../../compiler/operate/supervisor/process-plan.ts';
import { platformEnvironment } from '../../compiler/operate/supervisor/units.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';
import { freePort } from '../../test/free-port.ts';
import { heldBackFlights } from '../demo/held-back.ts';
import { Mlflow } from '../demo/mlflow.ts';

$.verbose = false;
const options = minimist(process.argv.slice(2), {
  string: ['env', 'model'],
  default: { env: 'staging', connections: 8, rounds: 3, seconds: 8 },
});
const workspace = openWorkspace(join(import.meta.dirname, '../..'), options['env']);
const model = options['model'] ?? 'departure_delay';
const variables = platformEnvironment(workspace, 'notebook');
const bin = dirname(workspace.python);

interface Contender {
  name: string;
  url: string;
  body: unknown;
}

interface Measured {
  /** Requests a second. */
  rate: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  failed: number;
}

const folder = mkdtempSync(join(tmpdir(), 'mlops-benchmark-'));
const children: ChildProcess[] = [];

export async function bench(): Promise<void> {
  try {
    await play();
  } finally {
    for (const { pid } of children) if (pid) process.kill(-pid, 'SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function play(): Promise<void> {
  if (!(await which('wrk', { nothrow: true })))
    throw new Error('wrk is not installed: on Debian, `apt-get install wrk`.');
  const contenders = await start();
  const rounds = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]));
  for (const each of contenders) await load(each, 2); // warm
  for (let round = 0; round < options['rounds']; round += 1)
    for (const each of contenders) rounds.get(each.name)?.push(await load(each, options['seconds']));
  report(rounds);
}

async function start(): Promise<Contender[]> {
  const api = addressOf(workspace, `serving-${model}`);
  const [flight] = await heldBackFlights(workspace, model, 1);
  const champion = await new Mlflow(workspace).aliased(model, 'champion');
  if (!api || !flight || !champion)
    throw new Error(`${model} is not served in '${workspace.environment}': train it first.`);
  const inputs = (await (await fetch(`${api}/v1/models/${model}`)).json()) as {
    signature: { inputs: { name: string }[] };
    entities: { join_key: string }[];
  };
  const columns = inputs.signature.inputs.map(({ name }) => name);
  const [mlflowPort, feastPort] = [await freePort(), await freePort()];
  const mlflow = [
    ...['models', 'serve', '-m', `models:/${model}/${champion.version}`, '--env-manager', 'local'],
    ...['-h', '127.0.0.1', '-p', String(mlflowPort)],
  ];
  const repository = join(workspace.root, 'generated', workspace.environment, 'feast');
  const feast = [
    ...['-c', repository, 'serve', '-h', '127.0.0.1', '-p', String(feastPort)],
    ...['--no-access-log', '--max-requests', '0'],
  ];
  launch('mlflow', mlflow);
  launch('feast', feast);
  await answering(`http://127.0.0.1:${mlflowPort}/ping`);
  await answering(`http://127.0.0.1:${feastPort}/health`);
  const instance = flight.instance as Record<string, unknown>;
  return [
    { name: 'ours: look-up and prediction', url: `${api}/v1/models/${model}:predict`, body: { instances: [instance] } },
    {
      name: 'mlflow models serve: prediction',
      url: `http://127.0.0.1:${mlflowPort}/invocations`,
      body: { dataframe_split: { columns, data: [columns.map((name) => instance[name] ?? 1.5)] } },
    },
    {
      name: 'feast serve: look-up',
      url: `http://127.0.0.1:${feastPort}/get-online-features`,
      body: {
        feature_service: model,
        entities: Object.fromEntries(inputs.entities.map(({ join_key }) => [join_key, [instance[join_key]]])),
        full_feature_names: true,
      },
    },
  ];
}

function launch(program: string, words: string[]): void {
  // mlflow starts uvicorn by its name.
  const env = { ...variables, PATH: `${bin}:${process.env['PATH']}` };
  children.push(spawn(join(bin, program), words, { cwd: workspace.root, env, stdio: 'ignore', detached: true }));
}

async function answering(url: string): Promise<void> {
  for (const end = Date.now() + 120_000; ; await new Promise((resolve) => setTimeout(resolve, 500))) {
    if (
      await fetch(url).then(
        (response) => response.ok,
        () => false,
      )
    )
      return;
    if (Date.now() > end) throw new Error(`nothing answers at ${url}`);
  }
}

async function load({ url, body }: Contender, seconds: number): Promise<Measured> {
  const script = join(folder, 'request.lua');
  writeFileSync(
    script,
    `wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = [==[${JSON.stringify(body)}]==]
function done(summary, latency)
  local errors = summary.errors
  local failed = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  local p50, p99 = latency:percentile(50), latency:percentile(99)
  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration, p50, p99, failed))
end
`,
  );
  const { stdout } = await $`wrk -t 1 -c ${options['connections']} -d ${seconds}s --timeout 10s -s ${script} ${url}`;
  const found = /RESULT (\d+) (\d+) (\d+) (\d+) (\d+)/.exec(stdout)?.slice(1).map(Number);
  if (!found) throw new Error(stdout);
  const [requests = 0, microseconds = 1, p50 = 0, p99 = 0, failed = 0] = found;
  return { rate: requests / (microseconds / 1e6), p50: p50 / 1000, p99: p99 / 1000, failed };
}

function report(rounds: Map<string, Measured[]>): void {
  const middle = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const rows = [...rounds].map(([name, measured]) => ({
    name,
    rate: middle(measured.map(({ rate }) => rate)),
    p50: middle(measured.map(({ p50 }) => p50)),
    p99: middle(measured.map(({ p99 }) => p99)),
    failed: measured.reduce((sum, { failed }) => sum + failed, 0),
  }));
  const own = rows[0]?.rate ?? 0;
  console.log(
    `| one row a request, ${options['connections']} connections, one worker each | requests/s | ours is | p50 ` +
      '| p99 |\n| --- | ---: | ---: | ---: | ---: |',
  );
  for (const { name, rate, p50, p99, failed } of rows) {
    if (failed > 0) throw new Error(`${name}: ${failed} requests failed`);
    const ratio = rate === own ? '' : `${(own / rate).toFixed(1)} ×`;
    console.log(`| ${name} | ${rate.toFixed(0)} | ${ratio} | ${p50.toFixed(1)} ms | ${p99.toFixed(1)} ms |`);
  }
}
