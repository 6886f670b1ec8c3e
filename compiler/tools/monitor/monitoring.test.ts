import { join } from 'node:path';
import { test } from 'uvu';
import { assertGoldens } from '../../test/goldens.ts';
import { monitoring } from './emit.ts';

test('what monitoring gets for the fixture is what its golden files hold', () => {
  assertGoldens(monitoring, join(import.meta.dirname, 'golden'));
});

test.run();
