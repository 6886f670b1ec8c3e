import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertGoldens } from '../../test/goldens.ts';
import { ir } from '../fixture.ts';
import { serving } from './emit.ts';

test('what serving gets for the fixture is what its golden files hold', () => {
  assertGoldens(serving, join(import.meta.dirname, 'golden'));
});

test('a model without an online side has no contract', () => {
  assert.equal(serving.emitCommon({ ...ir, models: ir.models.map((model) => ({ ...model, online: null })) }), []);
});

test.run();
