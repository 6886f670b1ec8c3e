import { join } from 'node:path';
import { test } from 'uvu';
import { assertGoldens } from '../../test/goldens.ts';
import { serving } from './emit.ts';

test('what serving gets for the fixture is what its golden files hold', () => {
  assertGoldens(serving, join(import.meta.dirname, 'golden'));
});

test.run();
