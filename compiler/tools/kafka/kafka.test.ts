import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { filesOf, fixtureIr } from '../../test/fixture.ts';

test('where no view is streamed there are no topics and no broker', () => {
  const stream = 'stream: {outage: 1d, replication: 1, min_in_sync: 1, dead_letter: true}\n';
  const still = fixtureIr({ 'features/carrier_delays.yaml': [[stream, '']], 'monitoring/checkout.yaml': null });
  assert.equal(
    [...filesOf(still).keys()].filter((path) => path.includes('/kafka/')),
    [],
  );
});

test.run();
