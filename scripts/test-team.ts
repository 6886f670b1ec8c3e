/**
 * `npm run test:team`: the tests that a team keeps beside its own Python, below `pipelines/` and `models/`, by pytest
 * in the platform's environment. The product's own tests are `npm test`.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { close, show } from './testing/outcome.ts';
import { hasPythonTests, runPytest } from './testing/pytest.ts';
import { preparePython } from './testing/python.ts';

const root = join(import.meta.dirname, '..');
const folders = ['pipelines', 'models'].filter((name) => existsSync(join(root, name)) && hasPythonTests(root, name));

if (folders.length === 0) {
  console.log(
    'There are no tests below pipelines/ and models/: a file test_*.py beside the code that it tests is one.',
  );
  close([]);
} else {
  const outcome = await runPytest(root, await preparePython(root), folders.join(' '), folders);
  show(outcome);
  close([outcome]);
}
