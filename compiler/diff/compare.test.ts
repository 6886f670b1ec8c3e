import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compare, describe, differences } from './compare.ts';
import { stateOf } from './state.ts';

const topic = (partitions: number, config: Record<string, string> = {}) => ({ partitions, config });

test('each address of either state is there once, sorted, with what has to happen', () => {
  const desired = stateOf({ 't/b': topic(1), 't/a': topic(1), 't/same': topic(1) });
  const observed = stateOf({ 't/same': topic(1), 't/c': topic(1), 't/b': topic(2) });
  assert.equal(
    compare(desired, observed).map(({ kind, address }) => [address, kind]),
    [
      ['t/a', 'create'],
      ['t/b', 'update'],
      ['t/c', 'delete'],
      ['t/same', 'unchanged'],
    ],
  );
  assert.equal(
    differences(desired, observed).map(({ address }) => address),
    ['t/a', 't/b', 't/c'],
  );
});

test('an update names each field that differs, by its path, also where one side lacks it', () => {
  const [change] = compare(
    stateOf({ 't/a': topic(3, { retention: '1', cleanup: 'delete' }) }),
    stateOf({ 't/a': topic(2, { cleanup: 'delete', segment: '9' }) }),
  );
  assert.equal(change?.fields, [
    { path: 'config/retention', desired: '1', observed: undefined },
    { path: 'config/segment', desired: undefined, observed: '9' },
    { path: 'partitions', desired: 3, observed: 2 },
  ]);
  assert.is(
    change && describe(change),
    't/a: config/retention is not set instead of "1", config/segment is "9" instead of not set, ' +
      'partitions is 2 instead of 3',
  );
});

test('the order of keys is no difference, the order of a list is one', () => {
  const same = compare(stateOf({ a: { x: 1, y: [{ p: 1, q: 2 }] } }), stateOf({ a: { y: [{ q: 2, p: 1 }], x: 1 } }));
  assert.is(same[0]?.kind, 'unchanged');
  const other = compare(stateOf({ a: { x: [1, 2] } }), stateOf({ a: { x: [2, 1] } }));
  assert.equal(other[0]?.fields, [{ path: 'x', desired: [1, 2], observed: [2, 1] }]);
});

test('values of other types differ: null, a missing key, an empty object and a list are four things', () => {
  const values = [null, {}, [], 0, '0', false];
  for (const one of values)
    for (const other of values)
      assert.is(
        compare(stateOf({ a: { x: one } }), stateOf({ a: { x: other } }))[0]?.kind,
        one === other ? 'unchanged' : 'update',
        `${JSON.stringify(one)} ${JSON.stringify(other)}`,
      );
  assert.is(compare(stateOf({ a: { x: null } }), stateOf({ a: {} }))[0]?.kind, 'update');
});

test.run();
