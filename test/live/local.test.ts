/** The live sides of an environment without servers, on the real Airflow and MLflow; runtime/tests/test_live.py has Feast. */
import * as assert from 'node:assert/strict';
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import { Airflow } from '../../compiler/clients/airflow.ts';
import { ask } from '../../compiler/clients/http.ts';
import { createProgress } from '../../compiler/operate/progress.ts';
import { addressOf } from '../../compiler/operate/supervisor/process-plan.ts';
import { stopPlatform } from '../../compiler/operate/supervisor/stop.ts';
import { startProcesses } from '../../compiler/operate/supervisor/supervisor.ts';
import { bring } from '../../compiler/release/bring.ts';
import { liveContext } from '../../compiler/release/live-context.ts';
import { live as airflow } from '../../compiler/tools/airflow/live.ts';
import { live as mlflow } from '../../compiler/tools/mlflow/live.ts';
import { localCheckout } from './checkout.ts';
import { deploysOnce, observesOnly, type Subject, seen, seesAndRepairs } from './contract.ts';

const { workspace, remove } = await localCheckout();
const live = liveContext(workspace, () => {});
const dag = (name: string): string => join(workspace.root, `generated/common/airflow/dags/${name}.py`);

test.before(() =>
  // Where this test is killed, Airflow ends too.
  startProcesses(workspace, createProgress({ isTerminal: false, color: false, out: () => {} }), true),
);

test.after(async () => {
  await stopPlatform(workspace);
  remove();
});

const address = (): string => addressOf(workspace, 'airflow-api-server') ?? '';

/** Airflow's audit log, and the versions of its DAGs. */
async function airflowTrace(): Promise<unknown> {
  const { access_token: token } = await ask<{ access_token: string }>('Airflow', `${address()}/auth/token`);
  const list = (path: string) =>
    ask<{ total_entries: number }>('Airflow', `${address()}/api/v2/${path}?limit=1`, {
      headers: { authorization: `Bearer ${token}` },
    });
  const [log, versions] = await Promise.all([list('eventLogs'), list('dags/~/dagVersions')]);
  return [log.total_entries, versions.total_entries];
}

const inAirflow: Subject = { side: airflow, live, trace: airflowTrace };

test('Airflow: a first deploy waits for every DAG and switches it on, a second applies nothing', async () => {
  const { changes, summary } = await deploysOnce(inAirflow);
  assert.ok(changes.length >= 3 && changes.every(({ kind }) => kind !== 'delete'));
  assert.equal(summary, `${changes.length} switched on; ${changes.length} DAGs imported and on`);
});

test('Airflow: observing twice gives the same, and neither its audit log nor a version of a DAG is added to', async () =>
  void (await observesOnly(inAirflow)));

test('Airflow: a paused DAG is seen, and switched on again', async () => {
  const pause = () => new Airflow(address()).setPaused('flights', true);
  const { summary } = await seesAndRepairs(inAirflow, pause, [['update', 'airflow/dag/flights', ['paused']]]);
  assert.match(summary, /^1 switched on;/);
});

test('Airflow: a DAG that was compiled again is read again, also where only a comment differs', async () => {
  const compile = async () => appendFileSync(dag('flights'), '# Compiled again.\n');
  await seesAndRepairs(inAirflow, compile, [['update', 'airflow/dag/flights', ['source']]]);
});

test('Airflow: a DAG that cannot be imported stops the deploy with its error, and is repaired by its file', async () => {
  const whole = readFileSync(dag('flights'), 'utf8');
  writeFileSync(dag('flights'), `${whole}\nraise ValueError('broken on purpose')\n`);
  await assert.rejects(bring(airflow, live), /Airflow cannot import .*flights\.py: ValueError: broken on purpose/);
  const restore = async () => writeFileSync(dag('flights'), whole);
  assert.deepEqual(await seen(inAirflow), [['update', 'airflow/dag/flights', ['import_error', 'paused', 'source']]]);
  await seesAndRepairs(inAirflow, restore, [['create', 'airflow/dag/flights']]);
});

test('Airflow: a DAG that is compiled no longer is forgotten, and one that is new is read and switched on', async () => {
  const aside = join(workspace.root, 'flights.py');
  await seesAndRepairs(inAirflow, async () => renameSync(dag('flights'), aside), [['delete', 'airflow/dag/flights']]);
  await seesAndRepairs(inAirflow, async () => renameSync(aside, dag('flights')), [['create', 'airflow/dag/flights']]);
});

test('MLflow: a first deploy makes experiments and registered models, a second applies nothing', async () => {
  const subject = { side: mlflow, live, trace: async () => seen({ side: mlflow, live }) };
  const { changes } = await deploysOnce(subject);
  assert.deepEqual([...new Set(changes.map(({ kind }) => kind))], ['create']);
  await observesOnly(subject);
});

test.run();
