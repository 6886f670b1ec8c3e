import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fixtureIr } from '../../test/fixture.ts';
import { serving } from './tool.ts';

test('a model without an online side has no contract', () => {
  const ir = fixtureIr();
  assert.is(ir.models.length, 2);
  assert.equal(
    serving.emitCommon(ir).map(({ path }) => path),
    ['common/serving/departure_delay.json'],
  );
});

test.run();
