import { join } from 'node:path';
import { test } from 'uvu';
import { assertGoldens } from '../../test/goldens.ts';
import { airflow } from './emit.ts';

test('what airflow gets for the fixture is what its golden files hold', () => {
  assertGoldens(airflow, join(import.meta.dirname, 'golden'));
});

test.run();
