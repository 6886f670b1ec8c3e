import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { environmentOf, fixtureIr } from '../../test/fixture.ts';
import { kafka } from './tool.ts';

test('where no view is streamed there are no topics and no broker', () => {
  const still = fixtureIr({ 'features/carrier_delays.yaml': [['stream: {}\n', '']] });
  assert.equal([...kafka.emitCommon(still), ...kafka.emitEnvironment(still, environmentOf(still, 'staging'))], []);
});

test.run();
