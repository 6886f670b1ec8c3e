/** `mlops test WORD…`: what is meant by a path or a word, and which packages it runs with. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { meantBy, testRuns } from '../commands/test-selection.ts';

const test = suite<{ root: string }>('the tests that are meant');
const FOLDERS = ['pipelines', 'models'];
const OWN = 'models/urgent';
const FILES = ['pipelines/bikes/test_bikes.py', 'pipelines/bikes/bikes.py', 'models/demand/test_train.py'];

test.before.each((scene) => {
  scene.root = mkdtempSync(join(tmpdir(), 'mlops-selection-'));
  for (const path of [...FILES, `${OWN}/test_train.py`, `${OWN}/requirements.lock`, 'models/new/requirements.lock']) {
    mkdirSync(dirname(join(scene.root, path)), { recursive: true });
    writeFileSync(join(scene.root, path), '');
  }
});
test.after.each(({ root }) => rmSync(root, { recursive: true, force: true }));

test('a word means the test files that have it in their path, a path itself, with :: a test in it', ({ root }) => {
  assert.equal(meantBy(root, FOLDERS, 'test_bikes'), ['pipelines/bikes/test_bikes.py']);
  assert.equal(meantBy(root, FOLDERS, 'train'), ['models/demand/test_train.py', `${OWN}/test_train.py`]);
  assert.equal(meantBy(root, FOLDERS, './models/demand'), ['models/demand']);
  assert.equal(meantBy(root, FOLDERS, `${FILES[0]}::test_rows[1]`), [`${FILES[0]}::test_rows[1]`]);
  assert.equal(meantBy(root, FOLDERS, '.'), ['.']);
});

test('a word that means nothing is said, with the nearest file', ({ root }) => {
  assert.throws(
    () => meantBy(root, FOLDERS, 'test_bike_s'),
    /no path, and no test file .* did you mean 'test_bikes'\?/,
  );
  assert.throws(() => meantBy(root, FOLDERS, 'zebra\u001b'), /'zebra\ufffd' is no path.*there are 3: /);
  assert.throws(() => meantBy(root, [], 'zebra'), /^There are no tests|There are no tests/);
});

test('a folder with a lock of its own runs by itself, whether it is meant alone or with all', ({ root }) => {
  const ignored = ['--ignore=models/new', `--ignore=${OWN}`];
  const own = { lock: OWN, given: [OWN] };
  assert.equal(testRuns(root, FOLDERS, FOLDERS), [{ lock: null, given: [...ignored, ...FOLDERS] }, own]);
  assert.equal(testRuns(root, FOLDERS, ['.']), [{ lock: null, given: [...ignored, '.'] }, own]);
  assert.equal(testRuns(root, FOLDERS, [OWN]), [own]);
  const one = `${OWN}/test_train.py::test_fit`;
  assert.equal(testRuns(root, FOLDERS, [one]), [{ lock: OWN, given: [one] }]);
  assert.equal(testRuns(root, FOLDERS, ['pipelines']), [{ lock: null, given: [...ignored, 'pipelines'] }]);
  assert.equal(testRuns(root, FOLDERS, ['models/new']), []);
});

test.run();
