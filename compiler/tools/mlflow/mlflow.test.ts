import { join } from 'node:path';
import { test } from 'uvu';
import { assertGoldens } from '../../test/goldens.ts';
import { mlflow } from './emit.ts';

test('what mlflow gets for the fixture is what its golden files hold', () => {
  assertGoldens(mlflow, join(import.meta.dirname, 'golden'));
});

test.run();
