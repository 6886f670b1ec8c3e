import { join } from 'node:path';
import { test } from 'uvu';
import { assertGoldens } from '../../test/goldens.ts';
import { alertmanager } from './emit.ts';

test('what alertmanager gets for the fixture is what its golden files hold', () => {
  assertGoldens(alertmanager, join(import.meta.dirname, 'golden'));
});

test.run();
