/** Which runs the demo follows, as an Airflow tells of them. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Airflow } from '../../compiler/clients/airflow.ts';
import { openWorkspace } from '../../compiler/operate/workspace.ts';
import { type EndedRun, runAfter } from '../../scripts/demo/model-run.ts';

/** By method and path below `/api/v2/`. */
type Answers = Record<string, object>;

const logIn = { user: 'deploy', password: 'its own' };

async function withAirflow(answers: Answers, use: (airflow: Airflow, asked: string[]) => Promise<void>): Promise<void> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/auth/token') return response.end('{"access_token": "t"}');
    const path = (request.url ?? '').replace('/api/v2/', '').replace(/\?.*/, '');
    const key = `${request.method} ${decodeURIComponent(path)}`;
    asked.push(key);
    response.statusCode = key in answers ? 200 : 404;
    return response.end(JSON.stringify(answers[key] ?? { detail: `nothing at ${key}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(new Airflow(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, logIn), asked);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const dag = (dag_id: string, timetable_summary: string | null, next: string | null = null) => ({
  dag_id,
  timetable_summary,
  next_dagrun_logical_date: next,
  next_dagrun_run_after: next,
});
const ended = (pipeline: string, run: string): EndedRun => ({
  pipeline,
  run,
  result: 'success',
  stopped: [],
  warnings: [],
  evidence: {},
});
const silent = () => {};
/** Only asked when Airflow does not answer. */
const nowhere = openWorkspace(import.meta.dirname, 'local');

for (const [schedule, timetable] of [
  ['a clock', dag('train_churn', '0 2 * * *', '2099-01-01T02:00:00Z')],
  ['a person', dag('train_churn', null)],
] as const)
  test(`a training that ${schedule} starts is started by the demo`, () =>
    withAirflow(
      {
        'GET dags': { total_entries: 1, dags: [timetable] },
        'POST dags/train_churn/dagRuns': { dag_id: 'train_churn', dag_run_id: 'mine', state: 'queued' },
      },
      async (airflow) => {
        const { dag_run_id: run } = await runAfter(airflow, nowhere, 'train_churn', [ended('clicks', 'r1')], silent);
        assert.is(run, 'mine');
      },
    ));

test('a scoring that another DAG started for a new champion follows the training that made it', () => {
  const starter = 'score_churn-after-churn-champion';
  const run = (dag_run_id: string, conf: object) => ({ dag_id: 'score_churn', dag_run_id, state: 'success', conf });
  const events = (source: string) => ({ asset_events: [{ name: 'a', source_dag_id: source, source_run_id: 't1' }] });
  return withAirflow(
    {
      'GET dags': { total_entries: 2, dags: [dag('score_churn', 'Asset'), dag(starter, 'Asset')] },
      'GET dags/score_churn/dagRuns': {
        dag_runs: [run('by_tables', {}), run('by_champion', { started_by: starter, run_id: 's1' })],
      },
      'GET dags/score_churn/dagRuns/by_tables/upstreamAssetEvents': events('clicks'),
      [`GET dags/${starter}/dagRuns/s1/upstreamAssetEvents`]: events('train_churn'),
    },
    async (airflow, asked) => {
      const { dag_run_id: found } = await runAfter(
        airflow,
        nowhere,
        'score_churn',
        [ended('train_churn', 't1')],
        silent,
      );
      assert.is(found, 'by_champion');
      assert.not.ok(asked.some((each) => each.startsWith('POST')));
    },
  );
});

test.run();
