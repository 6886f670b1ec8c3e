import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertGoldens } from '../../test/goldens.ts';
import { ir, staging } from '../fixture.ts';
import { kafka } from './emit.ts';

test('what kafka gets for the fixture is what its golden files hold', () => {
  assertGoldens(kafka, join(import.meta.dirname, 'golden'));
});

test('where no view is streamed there are no topics and no broker', () => {
  const still = { ...ir, featureViews: ir.featureViews.map((view) => ({ ...view, stream: null })) };
  assert.equal([...kafka.emitCommon(still), ...kafka.emitEnvironment(still, staging)], []);
});

test.run();
