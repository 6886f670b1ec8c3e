import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Pipeline } from '../../ir/types.ts';
import { assertGoldens } from '../../test/goldens.ts';
import { ir } from '../fixture.ts';
import { airflow } from './emit.ts';

test('what airflow gets for the fixture is what its golden files hold', () => {
  assertGoldens(airflow, join(import.meta.dirname, 'golden'));
});

const [flights] = ir.pipelines as [Pipeline];

function dagOf(changes: Partial<Pipeline>): string {
  const [artifact] = airflow.emitCommon({ ...ir, pipelines: [{ ...flights, ...changes }] });
  return artifact?.content ?? '';
}

test('a cron whose ticks are not evenly spaced states no data interval', () => {
  const dag = dagOf({
    schedule: {
      kind: 'cron',
      cron: '0 9 * * 1-5',
      timezone: 'Europe/Berlin',
      intervalSeconds: null,
      longestSeconds: 259_200,
    },
  });
  assert.match(dag, '"0 9 * * 1-5",\n        timezone="Europe/Berlin",\n    ),');
  assert.match(dag, 'pendulum.datetime(2026, 1, 1, tz="Europe/Berlin")');
});

test('a pipeline that nothing starts has no schedule, and its start is in the zone of the platform', () => {
  const dag = dagOf({ schedule: { kind: 'manual' } });
  assert.match(dag, '    schedule=None,\n');
  assert.match(dag, 'tz="America/New_York"');
});

test('assets start a pipeline together, or one without the others', () => {
  const asset = (name: string) => ({ name, uri: name });
  const scheduleOf = (...anyOf: string[][]): string => {
    const dag = dagOf({ schedule: { kind: 'assets', anyOf: anyOf.map((group) => group.map(asset)) } });
    return /^ {4}schedule=(.*),$/m.exec(dag.replace(/Asset\(name="(\w)", uri="\w"\)/g, '$1'))?.[1] ?? dag;
  };
  assert.is(scheduleOf(['a']), 'a');
  assert.is(scheduleOf(['a', 'b']), 'a & b');
  assert.is(scheduleOf(['a', 'b'], ['c']), '(a & b) | c');
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
