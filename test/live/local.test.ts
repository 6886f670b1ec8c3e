/**
 * The live sides of an environment without servers, on the real Airflow and MLflow; runtime/tests/test_live.py has
 * Feast.
 */
import * as assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import { DEPLOYER, logInOf } from '../../compiler/clients/account.ts';
import { Airflow } from '../../compiler/clients/airflow.ts';
import { ask } from '../../compiler/clients/http.ts';
import { describe } from '../../compiler/diff/compare.ts';
import { addressOf } from '../../compiler/operate/supervisor/process-plan.ts';
import { platformEnvironment } from '../../compiler/operate/supervisor/units.ts';
import { bring } from '../../compiler/release/bring.ts';
import { liveContext } from '../../compiler/release/context.ts';
import { driftOf, hasDrifted } from '../../compiler/release/drift.ts';
import { comparedIn } from '../../compiler/release/watched.ts';
import { askPython } from '../../compiler/test/python-batch.ts';
import { live as airflow } from '../../compiler/tools/airflow/live.ts';
import { live as mlflow } from '../../compiler/tools/mlflow/live.ts';
import { checkout, moveToFreePorts, rewrite, start, stopAndRemove } from './checkout.ts';
import { deploysOnce, observesOnly, type Subject, seen, seesAndRepairs } from './contract.ts';

// What Airflow needs to read DAGs, which nothing runs; and an API.
const API = 'serving-departure_delay';
const workspace = checkout('local', ['airflow-db', 'airflow-api-server', 'airflow-dag-processor', API]);
const live = liveContext(workspace, () => {});
const kept = ['flights.py', 'score_departure_delay.py', 'train_departure_delay.py'];
const dag = (name: string): string => join(workspace.root, `generated/common/airflow/dags/${name}.py`);

test.before(async () => {
  rewrite<Record<string, unknown>>(join(workspace.root, 'generated/local/runtime/environment.json'), (environment) => ({
    ...environment,
    mlflow: { tracking_uri: `sqlite:///${workspace.root}/mlflow.db` },
  }));
  // Each is parsed several times, which takes a second or two: three show as much as all of them.
  for (const name of readdirSync(dirname(dag('flights'))).filter((each) => !kept.includes(each)))
    rmSync(join(dirname(dag('flights')), name));
  await moveToFreePorts(workspace);
  await start(workspace);
});

test.after(() => stopAndRemove(workspace));

const address = (): string => addressOf(workspace, 'airflow-api-server') ?? '';

/** Of an account of the platform's, by its own password or another one. */
async function tokenOf(account: string, password = live.secret(`airflow-${account}`)) {
  const body = JSON.stringify({ username: account, password });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${address()}/auth/token`, { method: 'POST', headers, body });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  return { status: answer.status, token };
}

/** Airflow's audit log, and the versions of its DAGs. */
async function airflowTrace(): Promise<unknown> {
  const headers = { authorization: `Bearer ${(await tokenOf('admin')).token}` };
  const list = (path: string) =>
    ask<{ total_entries: number }>('Airflow', `${address()}/api/v2/${path}?limit=1`, { headers });
  const [log, versions] = await Promise.all([list('eventLogs'), list('dags/~/dagVersions')]);
  return [log.total_entries, versions.total_entries];
}

const inAirflow: Subject = { side: airflow, live, trace: airflowTrace, heals: true };

test('Airflow: a first deploy waits for every DAG and switches it on, a second applies nothing', async () => {
  const { changes, summary } = await deploysOnce(inAirflow);
  assert.ok(changes.length === kept.length && changes.every(({ kind }) => kind !== 'delete'));
  const all = changes.length;
  assert.match(summary, new RegExp(`^(\\d+ read, )?${all} switched on; ${all} DAGs imported and on$`));
});

test('Airflow: observing twice gives the same, and adds nothing to its audit log or its DAGs', async () =>
  void (await observesOnly(inAirflow)));

test('Airflow: a DAG that somebody paused is seen, stays paused at a deploy, and is named', async () => {
  const server = new Airflow(address(), logInOf('airflow', DEPLOYER, live.secret));
  await server.setPaused('flights', true);
  const [found, ...others] = await driftOf([airflow], live);
  assert.deepEqual([found?.differences.map(describe), others], [[PAUSED], []]);
  const { changes, left, summary } = await bring(airflow, live);
  assert.deepEqual([changes, Object.keys(left)], [[], ['airflow/dag/flights']]);
  assert.match(summary, /left airflow\/dag\/flights: somebody paused it; .*, 1 of them paused by hand$/);
  await server.setPaused('flights', false);
  assert.ok(!hasDrifted(await driftOf([airflow], live)));
});

const PAUSED = 'airflow/dag/flights: paused is true instead of false';

test('Airflow: a DAG that was compiled again is read again, also where only a comment differs', async () => {
  const compile = async () => appendFileSync(dag('flights'), '# Compiled again.\n');
  await seesAndRepairs(inAirflow, compile, [['update', 'airflow/dag/flights', ['source']]]);
});

test('Airflow: a DAG that cannot be imported stops the deploy with its error; its file repairs it', async () => {
  const whole = readFileSync(dag('flights'), 'utf8');
  writeFileSync(dag('flights'), `${whole}\nraise ValueError('broken on purpose')\n`);
  await assert.rejects(bring(airflow, live), /Airflow cannot import .*flights\.py: ValueError: broken on purpose/);
  assert.deepEqual(await seen(inAirflow), [['update', 'airflow/dag/flights', ['import_error', 'paused', 'source']]]);
  writeFileSync(dag('flights'), whole);
  await bring(airflow, live);
  assert.deepEqual(await seen(inAirflow), []);
});

test('Airflow: a DAG that is no longer compiled is forgotten, and a new one is read and switched on', async () => {
  const aside = join(workspace.root, 'flights.py');
  await seesAndRepairs(inAirflow, async () => renameSync(dag('flights'), aside), [['delete', 'airflow/dag/flights']]);
  await seesAndRepairs(inAirflow, async () => renameSync(aside, dag('flights')), [['create', 'airflow/dag/flights']]);
});

test('MLflow: a first deploy makes experiments and registered models, a second applies nothing', async () => {
  const [first, second] = [await bring(mlflow, live), await bring(mlflow, live)];
  assert.deepEqual([...new Set(first.changes.map(({ kind }) => kind))], ['create']);
  assert.deepEqual(second.changes, []);
  assert.match(second.summary, /^nothing changed; \d+ registered models? as compiled$/);
});

const apis = comparedIn(workspace).find(({ name }) => name === 'serving');

test('API: without a champion it is as deployed; a champion that it cannot serve is seen by its replica', async () => {
  assert.ok(apis);
  assert.ok(apis.isIn(live));
  const inApi = {
    side: apis,
    live,
    trace: async () => ask('the API', `${addressOf(workspace, API)}/v1/models/departure_delay`).catch(String),
  };
  await observesOnly(inApi);
  assert.deepEqual(await seen(inApi), []);
  const replica = `serving/api/departure_delay/${addressOf(workspace, API)?.replace('http://', '')}`;
  inRegistry(
    'c.create_model_version(name, "/nowhere", run_id=None)\nc.set_registered_model_alias(name, "champion", "1")',
  );
  assert.deepEqual(await seen(inApi), [['update', replica, ['ready', 'version']]]);
  inRegistry('c.delete_registered_model_alias(name, "champion")');
  assert.deepEqual(await seen(inApi), []);
});

function inRegistry(statements: string): void {
  const script = `
from mlflow import MlflowClient
c, name = MlflowClient(questions), "departure_delay"
${statements}
answers = None
`;
  askPython(script, `sqlite:///${workspace.root}/mlflow.db`, platformEnvironment(workspace));
}

test.run();
