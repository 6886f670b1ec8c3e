/** Which of a team's tests are meant, and which of them run with which packages. */
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { nearest } from '../diagnostics/nearest.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';

export const NO_TESTS_YET =
  'There are no tests. A file test_*.py beside the code in pipelines/ and models/ is one; `mlops new` writes ' +
  'some, and docs/testing.md of the compiler says what they can use.\n';

/** One call of pytest. */
interface TestRun {
  /** The folder whose `requirements.lock` it runs with; null for the platform's packages alone. */
  lock: string | null;
  given: string[];
}

/** A folder with a lock of its own has its tests run with those packages, as its code is. */
export function testRuns(root: string, folders: readonly string[], paths: readonly string[]): TestRun[] {
  const locked = folders.flatMap((folder) => lockedBelow(root, folder));
  const common = paths.filter((path) => !locked.some((folder) => isWithin(path, folder)));
  const ignoring = (others: readonly string[]): string[] => others.map((folder) => `--ignore=${folder}`);
  const own = locked.flatMap((folder): TestRun[] => {
    const meant = common.some((path) => path === '.' || isWithin(folder, path))
      ? [folder]
      : paths.filter((path) => isWithin(path, folder));
    if (meant.length === 0 || testsBelow(root, folder).length === 0) return [];
    const inside = locked.filter((each) => each !== folder && isWithin(each, folder));
    return [{ lock: folder, given: [...ignoring(inside), ...meant] }];
  });
  return [...(common.length > 0 ? [{ lock: null, given: [...ignoring(locked), ...common] }] : []), ...own];
}

const isWithin = (path: string, folder: string): boolean => `${path.split('::')[0]}/`.startsWith(`${folder}/`);

const lockedBelow = (root: string, folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === 'requirements.lock')
    .map(({ parentPath }) => parentPath.slice(root.length + 1))
    .sort();

/** A path, also with `::test`, as it is; any other word, the test files whose path contains it. */
export function meantBy(root: string, folders: readonly string[], word: string): string[] {
  const [path = '', ...tests] = word.split('::');
  if (path !== '' && existsSync(resolve(root, path)))
    return [[relative(root, resolve(root, path)) || '.', ...tests].join('::')];
  const all = folders.flatMap((folder) => testsBelow(root, folder));
  const found = all.filter((path) => path.includes(word));
  if (found.length > 0) return found;
  const names = all.map((path) => path.slice(path.lastIndexOf('/') + 1, -'.py'.length));
  const near = nearest(word, names);
  const which = near ? `did you mean '${near}'?` : `there are ${names.length}: ${names.slice(0, 8).join(', ')}`;
  throw new OperationError(
    names.length === 0
      ? NO_TESTS_YET.trim()
      : `'${printable(word)}' is no path, and no test file has it in its path; ${printable(which)}` +
          ' (`-- -k WORD` asks for names of tests)',
  );
}

const testsBelow = (root: string, folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^test_.*\.py$|_test\.py$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
    .sort();
