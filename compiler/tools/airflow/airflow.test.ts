import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Pipeline } from '../../ir/types.ts';
import { fixtureIr } from '../../test/fixture.ts';
import { airflow } from './tool.ts';

const ir = fixtureIr();
const flights = ir.pipelines.find(({ name }) => name === 'flights') as Pipeline;

/** No spec can state some of these: the checks refuse the names, and an asset comes from a table that is written. */
function dagOf(changes: Partial<Pipeline>): string {
  const [artifact] = airflow.emitCommon({ ...ir, pipelines: [{ ...flights, ...changes }] });
  return artifact?.content ?? '';
}

const goldenDag = (pipeline: string): string =>
  airflow.emitCommon(ir).find(({ path }) => path.endsWith(`/${pipeline}.py`))?.content ?? '';

test('a cron expression is a timetable whose runs have the interval since the one before', () => {
  const dag = goldenDag('fleet');
  assert.match(dag, 'schedule=CronDataIntervalTimetable("0 9 * * 1-5", timezone="Europe/Berlin"),');
  assert.match(dag, 'pendulum.datetime(2026, 2, 3, tz="Europe/Berlin")');
});

test('a pipeline that nothing starts has no schedule, and its start is in the zone of the platform', () => {
  const dag = goldenDag('cleanup');
  assert.match(dag, '    schedule=None,\n');
  assert.match(dag, 'tz="America/New_York"');
});

test('assets start a pipeline together; each further group of them through a DAG of its own', () => {
  const asset = (name: string) => ({ name, uri: name });
  const schedulesOf = (...anyOf: string[][]): (string | undefined)[] => {
    const schedule = { kind: 'assets' as const, anyOf: anyOf.map((group) => group.map(asset)) };
    return airflow.emitCommon({ ...ir, pipelines: [{ ...flights, schedule }] }).map(({ content }) => {
      const text = content.replace(/Asset\(name="(\w)", uri="\w"\)/g, '$1');
      return /^ {4}schedule=(.*),$/m.exec(text)?.[1];
    });
  };
  assert.equal(schedulesOf(['a']), ['a']);
  assert.equal(schedulesOf(['a', 'b']), ['a & b']);
  assert.equal(schedulesOf(['a', 'b'], ['c']), ['a & b', 'c']);
  assert.equal(schedulesOf(['a', 'b'], ['c'], ['d', 'e']), ['a & b', 'c', 'd & e']);
});

test('a step may be called what Python or the file has a name for', () => {
  const [ingest] = flights.steps;
  assert.ok(ingest);
  const dag = dagOf({
    steps: ['lambda', 'pendulum', 'DAG'].map((name) => ({
      ...ingest,
      name,
      needs: name === 'lambda' ? [] : ['lambda'],
    })),
  });
  assert.match(dag, '    lambda_ = BashOperator(\n        task_id="lambda",');
  assert.match(dag, '    lambda_ >> [pendulum_, DAG_]\n');
});

test.run();
