import { join } from 'node:path';
import { test } from 'uvu';
import { assertGoldens } from '../../test/goldens.ts';
import { feast } from './emit.ts';

test('what feast gets for the fixture is what its golden files hold', () => {
  assertGoldens(feast, join(import.meta.dirname, 'golden'));
});

test.run();
