import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Edits, fixtureIr } from '../test/fixture.ts';
import { planOf } from './plan.ts';
import { planText } from './text.ts';
import type { Plan } from './types.ts';

const base = { ir: fixtureIr() };
const planned = (edits: Edits): Plan => planOf(base, { ir: fixtureIr(edits) });

test('a state and itself differ in nothing', () => {
  const plan = planned({});
  assert.equal(plan.changes, []);
  assert.is(plan.verdict.class, null);
  assert.is(planText(plan), 'Nothing changes.\n');
});

test('a narrowed type of a feature that a model uses breaks, and says whom to ask', () => {
  const plan = planned({
    'features/plane_delays.yaml': [['last_delay: {type: float64', 'last_delay: {type: int64']],
  });
  const found = plan.changes.filter(({ address }) => address === 'feature_view/plane_delays/feature/last_delay');
  assert.equal(
    found.map(({ code }) => code),
    ['FEA014', 'PLN102'],
  );
  assert.is(plan.verdict.class, 'breaking');
  assert.equal(plan.verdict.owners, ['ops-analytics']);
  assert.match(planText(plan), /^breaking: 1 · /);
});

test('a renamed feature is recognised by what it says, and shown once', () => {
  const plan = planned({
    'features/plane_delays.yaml': [['last_delay: {type', 'latest_delay: {type']],
  });
  const [renamed, ...others] = plan.changes.filter(({ of }) => of === 'feature');
  assert.equal(others, []);
  assert.is(renamed?.kind, 'renamed');
  assert.is(renamed?.renamedFrom?.address, 'feature_view/plane_delays/feature/last_delay');
});

test('a stream that goes, or whose topic is another one, reaches the APIs that read its view', () => {
  const stream = 'stream: {outage: 1d, replication: 1, min_in_sync: 1, dead_letter: true}';
  for (const after of ['', stream.replace('{', '{topic: carriers, ')]) {
    const edits = {
      'features/carrier_delays.yaml': [[stream, after]],
      'monitoring/checkout.yaml': null,
    } satisfies Edits;
    const { changes, radius } = planned(edits);
    assert.ok(changes.some(({ address }) => address === 'feature_view/carrier_delays/stream'));
    const api = radius.find(({ address }) => address === 'model/departure_delay/online');
    assert.is(api?.from, 'feature_view/carrier_delays/stream');
    assert.not.ok(
      radius.some(({ address }) => address === 'model/departure_delay/batch'),
      'it reads the batch',
    );
  }
});

test('a change of which no rule speaks is one that nobody can tell, with the name of the field', () => {
  const plan = planOf(base, { ir: fixtureIr({ 'features/plane_delays.yaml': [['ttl: 7d', 'ttl: 6d']] }) }, {}, []);
  const [change] = plan.changes.filter(({ of }) => of === 'feature_view');
  assert.equal([change?.class, change?.code, change?.field], ['cannot tell', 'PLN000', 'ttlSeconds']);
  assert.match(change?.sentence ?? '', /'ttlSeconds' becomes 518400 instead of 604800/);
});

test.run();
