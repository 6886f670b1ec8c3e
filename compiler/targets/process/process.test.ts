import { join } from 'node:path';
import { test } from 'uvu';
import { assertGoldens } from '../../test/goldens.ts';
import { process } from './emit.ts';

test('what process gets for the fixture is what its golden files hold', () => {
  assertGoldens(process, join(import.meta.dirname, 'golden'));
});

test.run();
