import { join } from 'node:path';
import { test } from 'uvu';
import { assertGoldens } from '../../test/goldens.ts';
import { runtime } from './emit.ts';

test('what runtime gets for the fixture is what its golden files hold', () => {
  assertGoldens(runtime, join(import.meta.dirname, 'golden'));
});

test.run();
