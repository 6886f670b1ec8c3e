import { join } from 'node:path';
import { test } from 'uvu';
import { assertGoldens } from '../../test/goldens.ts';
import { streaming } from './emit.ts';

test('what the stream consumers are told for the fixture is what their golden files hold', () => {
  assertGoldens(streaming, join(import.meta.dirname, 'golden'));
});

test.run();
