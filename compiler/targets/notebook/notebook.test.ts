import { join } from 'node:path';
import { test } from 'uvu';
import { assertGoldens } from '../../test/goldens.ts';
import { notebook } from './emit.ts';

test('what notebook gets for the fixture is what its golden files hold', () => {
  assertGoldens(notebook, join(import.meta.dirname, 'golden'));
});

test.run();
