/** Who is let in by the real MLflow, as an environment starts it: its accounts, each with what is its own to do. */
import * as assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'uvu';
import { basicHeaders, logInOf } from '../../compiler/clients/account.ts';
import { addressOf, type ProcessPlan } from '../../compiler/operate/supervisor/process-plan.ts';
import { reloadProcesses } from '../../compiler/operate/supervisor/supervisor.ts';
import { platformEnvironment } from '../../compiler/operate/supervisor/units.ts';
import { bring } from '../../compiler/release/bring.ts';
import { liveContext } from '../../compiler/release/context.ts';
import { askPython } from '../../compiler/test/python-batch.ts';
import { live as registry } from '../../compiler/tools/mlflow/live.ts';
import { TRACKING_ACCOUNTS } from '../../compiler/tools/tracking-account.ts';
import { mlops } from '../operate/cli.ts';
import { checkout, holding, moveToFreePorts, rewrite, start, stopAndRemove } from './checkout.ts';

const workspace = checkout('local', ['mlflow']);
const live = liveContext(workspace, () => {});
const address = (): string => addressOf(workspace, 'mlflow') ?? '';
const secrets = join(workspace.state, 'secrets');
const ofMlflow = (): string[] => readdirSync(secrets).filter((name) => name.startsWith('mlflow-'));

interface Route {
  method: string;
  path: string;
}

/** All that the installed MLflow answers, also what goes round Flask; what stands in a path is made up. */
let routes: Route[] = [];
let openBefore: number[] = [];

test.before(async () => {
  await moveToFreePorts(workspace);
  const compiled = readFileSync(workspace.plan, 'utf8');
  rewrite<ProcessPlan>(workspace.plan, asBefore);
  await start(workspace);
  routes = askPython(ROUTES, null, { MLFLOW_DISABLE_TELEMETRY: 'true' }) as Route[];
  await ask('POST', `${API}/experiments/create`, null, { name: 'older' });
  openBefore = [await ask('GET', `${API}/experiments/get-by-name?experiment_name=older`), await ask('GET', '/version')];
  assert.ok(!readdirSync(workspace.state).includes('secrets') || ofMlflow().length === 0);
  rewrite<ProcessPlan>(workspace.plan, () => JSON.parse(compiled));
  assert.equal(await reloadProcesses(workspace, () => {}), 1);
});

test.after(() => stopAndRemove(workspace));

const API = '/api/2.0/mlflow';
const ROUTES = `
import re
from mlflow.server import app as flask
from mlflow.server.fastapi_app import app
found = {(m, r.path) for r in app.routes for m in getattr(r, "methods", None) or ()}
found |= {(m, str(r)) for r in flask.url_map.iter_rules() for m in r.methods}
made_up = {(m, re.sub(r"[<{][^>}]*[>}]", "x", p)) for m, p in found}
answers = [{"method": m, "path": p} for m, p in sorted(made_up)]
`;

/** Of a commit before MLflow had accounts. */
const asBefore = (plan: ProcessPlan): ProcessPlan => ({
  ...plan,
  callers: {},
  processes: plan.processes.map(({ log_in: _, ...each }) => ({
    ...each,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder of the plan
    command: ['${bin}/mlflow', ...each.command.slice(each.command.indexOf('server'))],
    env: Object.fromEntries(Object.entries(each.env).filter(([name]) => !name.startsWith('MLOPS_MLFLOW_PASSWORD_'))),
  })),
});

/** The status of an answer; without an account, nothing is sent of one. */
const ask = (
  method: string,
  path: string,
  account: string | null = null,
  body?: object,
  headers = {},
): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const own = account === null ? {} : basicHeaders(logInOf('mlflow', account, live.secret));
    const asked = request(`${address()}${path}`, {
      method,
      // A server that refuses a body unread ends the connection.
      agent: false,
      headers: { ...(sent ? { 'content-type': 'application/json' } : {}), ...own, ...headers },
    });
    asked.on('response', (answer) => answer.resume().on('end', () => resolve(answer.statusCode ?? 0)));
    asked.on('error', reject).end(sent);
  });

test('what was open before the deploy that brings accounts is closed after it, and nothing is lost', async () => {
  assert.deepEqual(openBefore, [200, 200]);
  const older = `${API}/experiments/get-by-name?experiment_name=older`;
  assert.deepEqual([await ask('GET', older, null), await ask('GET', older, 'admin')], [401, 200]);
  assert.deepEqual(ofMlflow().sort(), TRACKING_ACCOUNTS.map((account) => `mlflow-${account}`).sort());
});

test('without an account nobody is answered on any route that this MLflow has, but whether it lives', async () => {
  assert.ok(routes.length > 900, `${routes.length} routes`);
  for (const prefix of ['/v1/traces', '/gateway/', '/ajax-api/3.0/jobs/', '/api/2.0/mlflow-artifacts/', '/graphql'])
    assert.ok(
      routes.some(({ path }) => path.startsWith(prefix)),
      prefix,
    );
  const open: string[] = [];
  for (const { method, path } of [...routes, { method: 'GET', path: '/no/such/route' }])
    if ((await ask(method, path, null)) !== 401) open.push(`${method} ${path}`);
  assert.deepEqual(open, ['GET /health']);
});

test('a password that is wrong, empty, of another account or sent otherwise is refused', async () => {
  const send = (authorization: string) => ask('GET', '/version', null, undefined, { authorization });
  const basic = (user: string, password: string) => send(basicHeaders({ user, password }).authorization);
  const own = live.secret('mlflow-admin');
  assert.equal(await basic('admin', own), 200);
  const guesses = [basic('admin', 'a guess'), basic('admin', ''), basic('admin', live.secret('mlflow-serving'))];
  const others = [basic('root', own), basic('', own), basic('admin', `${own} `), send(`Bearer ${own}`), send('Basic')];
  assert.deepEqual(new Set(await Promise.all([...guesses, ...others])), new Set([401]));
});

/** What readers are let through to: their lists, as what this MLflow routes. */
const READS = [
  ...['GET /api/2.0/mlflow-artifacts/artifacts', 'GET /api/2.0/mlflow-artifacts/artifacts/x'],
  ...['GET /api/2.0/mlflow/artifacts/list', 'GET /api/2.0/mlflow/experiments/get'],
  ...['GET /api/2.0/mlflow/experiments/get-by-name', 'GET /api/2.0/mlflow/experiments/search'],
  ...['GET /api/2.0/mlflow/logged-models/x', 'GET /api/2.0/mlflow/logged-models/x/artifacts/directories'],
  ...['GET /api/2.0/mlflow/metrics/get-history', 'GET /api/2.0/mlflow/metrics/get-history-bulk-interval'],
  ...['GET /api/2.0/mlflow/model-versions/get', 'GET /api/2.0/mlflow/model-versions/get-download-uri'],
  ...['GET /api/2.0/mlflow/model-versions/search', 'GET /api/2.0/mlflow/registered-models/alias'],
  ...['GET /api/2.0/mlflow/registered-models/get', 'GET /api/2.0/mlflow/registered-models/get-latest-versions'],
  ...['GET /api/2.0/mlflow/registered-models/search', 'GET /api/2.0/mlflow/runs/get'],
  ...['GET /api/3.0/mlflow/server-info', 'GET /health', 'GET /version'],
  ...['POST /api/2.0/mlflow/experiments/search', 'POST /api/2.0/mlflow/logged-models/search'],
  ...['POST /api/2.0/mlflow/registered-models/get-latest-versions', 'POST /api/2.0/mlflow/runs/search'],
];
/** A deploy states experiments and registered models, moves an alias, and drops what it is told to; it logs no run. */
const DEFINITIONS = [
  ...['DELETE /api/2.0/mlflow/registered-models/delete', 'POST /api/2.0/mlflow/experiments/delete'],
  ...['PATCH /api/2.0/mlflow/registered-models/update', 'POST /api/2.0/mlflow/experiments/create'],
  ...['POST /api/2.0/mlflow/experiments/restore', 'POST /api/2.0/mlflow/experiments/set-experiment-tag'],
  ...['POST /api/2.0/mlflow/model-versions/set-tag', 'POST /api/2.0/mlflow/registered-models/alias'],
  ...['POST /api/2.0/mlflow/registered-models/create', 'POST /api/2.0/mlflow/registered-models/set-tag'],
];

test('a reader is refused all but reads, what deploys all but definitions, and writers may not delete', async () => {
  const may = async (account: string): Promise<string[]> => {
    const answers: string[] = [];
    for (const { method, path } of routes)
      if ((await ask(method, path, account, method === 'GET' ? undefined : {})) !== 403)
        answers.push(`${method} ${path}`);
    return answers.sort();
  };
  for (const reader of ['serving', 'monitor']) assert.deepEqual(await may(reader), [...READS].sort(), reader);
  assert.deepEqual(await may('deploy'), [...READS, ...DEFINITIONS].sort());
  for (const writer of ['notebook', 'pipelines']) {
    const writes = (await may(writer)).filter((route) => !READS.includes(route));
    assert.ok(writes.includes('POST /api/2.0/mlflow/runs/create'), writer);
    assert.equal(writes.includes('POST /api/2.0/mlflow/model-versions/create'), writer === 'pipelines');
    assert.equal(writes.includes('POST /api/2.0/mlflow/registered-models/alias'), writer === 'pipelines');
    const foreign = /delete(?!-tag)|transition|rename|gateway|jobs|webhooks|assistant|graphql|workspaces|ajax-api/;
    assert.deepEqual(
      writes.filter((route) => foreign.test(route)),
      [],
      writer,
    );
  }
});

test('a path that is spelled otherwise is no way round', async () => {
  const spelled = ['/api/2.0/mlflow//runs/create', '/api/2.0/mlflow/runs/create/', '/api/2.0/mlflow/runs%2Fcreate'];
  const moved = ['/api/2.0/mlflow/runs/get/../create', '/API/2.0/mlflow/runs/create', '/api/2.0/mlflow/runs/create%0a'];
  for (const path of [...spelled, ...moved]) assert.equal(await ask('POST', path, 'serving', {}), 403, path);
});

/** As the programs of the platform ask: MLflow's own client, by its two variables. */
const asClient = (account: string, script: string): unknown =>
  askPython(`import os\nimport mlflow\nfrom mlflow import MlflowClient\nc = MlflowClient()\n${script}`, null, {
    ...platformEnvironment(workspace),
    MLFLOW_TRACKING_USERNAME: account,
    MLFLOW_TRACKING_PASSWORD: live.secret(`mlflow-${account}`),
  });

const TRAIN = `
import numpy as np
from sklearn.linear_model import LinearRegression
mlflow.set_experiment("trained")
with mlflow.start_run() as run:
    mlflow.log_param("a", 1)
    mlflow.log_metric("error", 0.5)
    mlflow.log_text("how it went", "report.txt")
    mlflow.log_input(mlflow.data.from_numpy(np.ones((2, 1))))
    info = mlflow.sklearn.log_model(LinearRegression().fit(np.ones((2, 1)), [1, 2]), name="model")
    mlflow.set_tag("done", "yes")
version = mlflow.register_model(info.model_uri, "trained").version
c.set_model_version_tag("trained", version, "checked", "yes")
c.set_registered_model_alias("trained", "challenger", version)
c.set_registered_model_alias("trained", "champion", version)
c.delete_registered_model_alias("trained", "challenger")
answers = str(version)
`;
const READ = `
import tempfile
version = c.get_model_version_by_alias("trained", "champion")
run = c.get_run(version.run_id)
with tempfile.TemporaryDirectory() as folder:
    files = os.listdir(mlflow.artifacts.download_artifacts("models:/trained@champion", dst_path=folder))
runs = c.search_runs([run.info.experiment_id])
refused = []
for attempt in (
    lambda: c.set_registered_model_alias("trained", "champion", version.version),
    lambda: c.log_metric(version.run_id, "error", 0),
    lambda: c.log_text(version.run_id, "other", "report.txt"),
    lambda: c.create_registered_model("own"),
    lambda: c.delete_registered_model("trained"),
):
    try:
        attempt()
    except Exception as error:
        refused.append("may not" in str(error) or "403" in str(error))
answers = [run.data.params["a"], len(runs), "MLmodel" in files, refused]
`;

test('pipelines train and register, an API reads what it needs, by the client that MLflow has', () => {
  assert.equal(asClient('pipelines', TRAIN), '1');
  assert.deepEqual(asClient('serving', READ), ['1', 1, true, [true, true, true, true, true]]);
});

test('a deploy makes experiments and registered models by its account', async () => {
  await bring(registry, live);
  assert.equal(await ask('GET', `${API}/registered-models/get?name=departure_delay`, 'serving'), 200);
});

test("under a name that is not MLflow's own it answers nobody, and no page of another site", async () => {
  const { port } = new URL(address());
  const named = (host: string) => ask('GET', `${API}/experiments/search?max_results=1`, 'admin', undefined, { host });
  for (const host of ['evil.example', `evil.example:${port}`, '10.evil.example', '127.0.0.1.evil.example', 'mlflow'])
    assert.equal(await named(host), 403, host);
  assert.equal(await named(`localhost:${port}`), 200);
  const from = (origin: string) => ask('POST', `${API}/experiments/search`, 'admin', { max_results: 1 }, { origin });
  for (const origin of ['https://evil.example', 'http://127.0.0.1:1', 'http://localhost:3000', 'null'])
    assert.equal(await from(origin), 403, origin);
  assert.equal(await from(address()), 200);
});

test('a person finds the account and its password, and a browser asks for them', async () => {
  const told = await mlops({ workspace }, 'status', '--env', 'local');
  assert.match(told.printed, /Log in to mlflow as admin; `mlops secrets list --env local --show` shows/);
  const shown = await mlops({ workspace }, 'secrets', 'list', '--env', 'local', '--show');
  const [, password = ''] = /^mlflow-admin .* (\S+)$/m.exec(shown.printed) ?? [];
  const page = await fetch(address(), { headers: basicHeaders({ user: 'admin', password }) });
  assert.match(await page.text(), /<html/);
  const without = await fetch(address());
  assert.match(without.headers.get('www-authenticate') ?? '', /^Basic realm="MLflow"/);
});

test('passwords differ, stand in files that only their owner can read, and in no log or generated file', () => {
  const own = TRACKING_ACCOUNTS.map((account) => live.secret(`mlflow-${account}`));
  assert.equal(new Set(own).size, TRACKING_ACCOUNTS.length);
  for (const name of ofMlflow()) assert.equal(statSync(join(secrets, name)).mode & 0o777, 0o600, name);
  assert.deepEqual(holding(workspace, own), []);
});

test('where passwords are others, a deploy says so, and the next start puts it right', async () => {
  for (const name of ofMlflow()) rmSync(join(secrets, name));
  await assert.rejects(bring(registry, live), /lets nobody in without an account/);
  rewrite<ProcessPlan>(workspace.plan, (plan) => ({
    ...plan,
    environment_variables: { ...plan.environment_variables, CHANGED: 'by a deploy' },
  }));
  assert.equal(await reloadProcesses(workspace, () => {}), 1);
  await bring(registry, live);
});

test.run();
