import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { filesOf, fixtureIr } from '../../test/fixture.ts';

test('where no view is streamed there are no topics and no broker', () => {
  const still = fixtureIr({ 'features/carrier_delays.yaml': [['stream: {}\n', '']] });
  assert.equal(
    [...filesOf(still).keys()].filter((path) => path.includes('/kafka/')),
    [],
  );
});

test.run();
