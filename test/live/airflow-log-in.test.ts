/** Who is let in by the real Airflow, as an environment starts it: its accounts, each with what is its own to do. */
import * as assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'uvu';
import { DEPLOYER, logInOf } from '../../compiler/clients/account.ts';
import { Airflow } from '../../compiler/clients/airflow.ts';
import { addressOf, type ProcessPlan } from '../../compiler/operate/supervisor/process-plan.ts';
import { reloadProcesses } from '../../compiler/operate/supervisor/supervisor.ts';
import { liveContext } from '../../compiler/release/context.ts';
import { eventually } from '../../compiler/tools/live.ts';
import { mlops } from '../operate/cli.ts';
import { checkout, holding, moveToFreePorts, rewrite, start, stopAndRemove } from './checkout.ts';

const workspace = checkout('local', ['airflow-db', 'airflow-api-server', 'airflow-dag-processor']);
const { secret } = liveContext(workspace, () => {});
const DAG = 'flights';
const dags = join(workspace.root, 'generated/common/airflow/dags');

test.before(async () => {
  for (const name of readdirSync(dags).filter((each) => each !== `${DAG}.py`)) rmSync(join(dags, name));
  await moveToFreePorts(workspace);
  await start(workspace);
  const deployer = new Airflow(address(), logInOf('airflow', DEPLOYER, secret));
  const isRead = async () => ((await deployer.dags()).some(({ dag_id }) => dag_id === DAG) ? null : 'not read');
  assert.equal(await eventually(120, isRead), null);
});

test.after(() => stopAndRemove(workspace));

const address = (): string => addressOf(workspace, 'airflow-api-server') ?? '';
const JSON_BODY = { 'content-type': 'application/json' };

async function tokenOf(username: string, password = secret(`airflow-${username}`)): Promise<string | number> {
  const body = JSON.stringify({ username, password });
  const answer = await fetch(`${address()}/auth/token`, { method: 'POST', headers: JSON_BODY, body });
  return answer.ok ? ((await answer.json()) as { access_token: string }).access_token : answer.status;
}

/** The status of an answer; without an account, nothing is sent of one. */
async function status(account: string | null, path: string, method = 'GET', body?: object): Promise<number> {
  const authorization = account === null ? {} : { authorization: `Bearer ${await tokenOf(account)}` };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return (await fetch(`${address()}${path}`, { method, headers: { ...JSON_BODY, ...authorization }, ...sent })).status;
}

const PAUSE = [`/api/v2/dags/${DAG}?update_mask=is_paused`, 'PATCH', { is_paused: true }] as const;
const VARIABLE = ['/api/v2/variables', 'POST', { key: 'greeting', value: 'hello' }] as const;

test('without an account nobody reads, pauses, starts a run or gets a token', async () => {
  assert.equal(await status(null, '/api/v2/dags'), 401);
  assert.equal(await status(null, ...PAUSE), 401);
  assert.equal(await status(null, `/api/v2/dags/${DAG}/dagRuns`, 'POST', { logical_date: null }), 401);
  // What gave everybody an administrator's token.
  assert.equal(await status(null, '/auth/token'), 403);
  assert.equal((await fetch(`${address()}/auth/token/login`, { redirect: 'manual' })).status, 403);
  const headers = { authorization: 'Bearer made.up.token' };
  assert.equal((await fetch(`${address()}/api/v2/dags`, { headers })).ok, false);
});

test('a password that is wrong, empty or of another account is refused, and so is an unknown account', async () => {
  assert.equal(await tokenOf('admin', 'a guess'), 401);
  assert.equal(await tokenOf('admin', ''), 400);
  assert.equal(await tokenOf('admin', secret('airflow-monitor')), 401);
  assert.equal(await tokenOf('root', secret('airflow-admin')), 401);
});

test('the monitor changes nothing, what deploys works on DAGs and nothing else, and a person may all', async () => {
  const may = async (account: string) => [
    await status(account, `/api/v2/dags/${DAG}`),
    await status(account, ...PAUSE),
    await status(account, ...VARIABLE),
  ];
  assert.deepEqual(await may('monitor'), [200, 403, 403]);
  assert.deepEqual(await may(DEPLOYER), [200, 200, 403]);
  assert.deepEqual(await may('admin'), [200, 200, 201]);
});

test('the account of deploys may do all that the verbs ask of Airflow', async () => {
  const deployer = new Airflow(address(), logInOf('airflow', DEPLOYER, secret));
  const [dag] = await deployer.dags({ stale: true });
  assert.ok(dag);
  assert.match((await deployer.source(DAG)) ?? '', /DAG\(/);
  await deployer.reparse(dag);
  assert.deepEqual(await deployer.importErrors(), []);
  await deployer.setPaused(DAG, true);
  assert.equal(await deployer.wasSwitched(DAG), true);
  const { dag_run_id: run } = await deployer.trigger(DAG);
  assert.equal((await deployer.run(DAG, run)).state, 'queued');
  assert.ok((await deployer.latestRuns(DAG)).some(({ dag_run_id }) => dag_run_id === run));
  await deployer.versionsInUse();
  assert.deepEqual(await deployer.upstreamEvents(DAG, run), []);
  const [task] = await deployer.tasks(DAG, run);
  assert.ok(task);
  assert.equal(await deployer.result(DAG, run, task.task_id), null);
  assert.ok((await deployer.clear(DAG, run, [task.task_id])).some(({ task_id }) => task_id === task.task_id));
  // No scheduler has begun it, so there is no log: that is said, and not that it may not be read.
  await deployer.log(DAG, run, task.task_id, 1).catch(({ status: answered }) => assert.equal(answered, 404));
});

/** `fetch` lets nobody choose this header. */
const underName = (host: string, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = request(`${address()}${path}`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject).end();
  });

test("under a name that is not Airflow's own it answers nothing, its page for the log-in included", async () => {
  const { port } = new URL(address());
  for (const path of ['/', '/auth/login', '/api/v2/version', '/execution/health'])
    for (const name of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example'])
      assert.equal(await underName(name, path), 400, `${name} ${path}`);
  assert.equal(await underName(`localhost:${port}`, '/api/v2/version'), 200);
});

test('a person finds the page for the log-in, the account and its password, and gets in with them', async () => {
  const page = await fetch(`${address()}/auth/login`);
  assert.match(await page.text(), /<html/);
  const told = await mlops({ workspace }, 'status', '--env', 'local');
  assert.match(told.printed, /Log in to airflow-api-server as admin; `mlops secrets list --env local --show` shows/);
  const listed = await mlops({ workspace }, 'secrets', 'list', '--env', 'local');
  assert.match(listed.printed, /^airflow-admin +set \(own\)/m);
  assert.doesNotMatch(listed.printed, new RegExp(secret('airflow-admin')));
  const shown = await mlops({ workspace }, 'secrets', 'list', '--env', 'local', '--show');
  const [, password = ''] = /^airflow-admin .* (\S+)$/m.exec(shown.printed) ?? [];
  assert.equal(typeof (await tokenOf('admin', password)), 'string');
});

test('passwords stand in files that only their owner can read, and in no log, generated file or command', async () => {
  const own = ['admin', DEPLOYER, 'monitor'].map((account) => secret(`airflow-${account}`));
  assert.equal(new Set(own).size, 3);
  const kept = [join(workspace.state, 'airflow/passwords.json'), join(workspace.state, 'secrets/airflow-admin')];
  for (const file of kept) assert.equal(statSync(file).mode & 0o777, 0o600, file);
  assert.deepEqual(Object.values(JSON.parse(readFileSync(kept[0] ?? '', 'utf8'))), own);
  assert.deepEqual(holding(workspace, own), []);
});

/** As an environment is that was up before there were accounts; and where somebody changed one by hand. */
test('where passwords are missing or others, the next start puts it right, and a client logs in again', async () => {
  for (const account of ['admin', DEPLOYER, 'monitor']) rmSync(join(workspace.state, 'secrets', `airflow-${account}`));
  rmSync(join(workspace.state, 'secrets', 'airflow-jwt'));
  writeFileSync(join(workspace.state, 'airflow/passwords.json'), '{"admin": "by hand"}');
  const renewed = new Airflow(address(), logInOf('airflow', DEPLOYER, secret));
  await assert.rejects(
    renewed.dags(),
    /does not take the password of its account 'deploy'.*`mlops down`, then `mlops up`/s,
  );
  rewrite<ProcessPlan>(workspace.plan, (plan) => ({
    ...plan,
    environment_variables: { ...plan.environment_variables, CHANGED: 'by a deploy' },
  }));
  assert.ok((await reloadProcesses(workspace, () => {})) >= 1);
  assert.ok((await renewed.dags()).length > 0);
  assert.equal(await tokenOf('admin', 'by hand'), 401);
  assert.equal(statSync(join(workspace.state, 'airflow/passwords.json')).mode & 0o777, 0o600);
});

test.run();
