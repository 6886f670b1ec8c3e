import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { toolEnvironment } from '../operate/machine/tool-environment.ts';
import { createProgress, inStage } from '../operate/progress.ts';
import { prepareOwnTesting, prepareTesting } from '../operate/python/environment.ts';
import { openWorkspace, type Workspace } from '../operate/workspace.ts';
import type { Command, Context } from './command.ts';
import { reportingFailures } from './operating.ts';
import { meantBy, NO_TESTS_YET, testRuns } from './test-selection.ts';

/** Exit status of pytest where it finds no test. */
const NO_TESTS = 5;

const FOLDERS = ['pipelines', 'models'];

export const command: Command = {
  options: {
    'no-lint': { type: 'boolean', default: false, help: 'without looking at the Python with ruff first' },
  },
  run: ({ positionals, options }, context) =>
    reportingFailures(context, async () => {
      const { root } = context;
      const first = positionals.findIndex((word) => word.startsWith('-'));
      const [words, passedOn] = first < 0 ? [positionals, []] : [positionals.slice(0, first), positionals.slice(first)];
      const folders = FOLDERS.filter((name) => existsSync(join(root, name)));
      const paths = words.length > 0 ? words.flatMap((word) => meantBy(root, folders, word)) : folders;
      if (paths.length === 0) {
        context.out(NO_TESTS_YET);
        return 0;
      }
      const workspace = openWorkspace(root, 'local');
      const python = await inStage(createProgress(context), 'Python environment', (note) =>
        prepareTesting(workspace, note),
      );
      const lint = ['check', '--quiet', ...settings(root), ...filesOf(paths)];
      if (options['no-lint'] !== true && call(workspace, python, 'ruff', lint) !== 0)
        throw new OperationError('ruff found the above in the Python of this repository; no test was run.', 1);
      const status = await runTests(workspace, python, folders, paths, passedOn, context);
      if (status !== NO_TESTS) return status === 0 ? 0 : 1;
      if (words.length + passedOn.length > 0)
        throw new OperationError(`No test is meant by ${printable(positionals.join(' '))}.`, 1);
      context.out(NO_TESTS_YET);
      return 0;
    }),
};

function call(workspace: Workspace, python: string, module: string, given: readonly string[]): number | null {
  return spawnSync(python, ['-m', module, ...given], {
    cwd: workspace.root,
    env: toolEnvironment(workspace, python, { PYTHONDONTWRITEBYTECODE: '1', PYTEST_DISABLE_PLUGIN_AUTOLOAD: '1' }),
    stdio: 'inherit',
  }).status;
}

/** Pytest's status. */
async function runTests(
  workspace: Workspace,
  python: string,
  folders: readonly string[],
  paths: readonly string[],
  passedOn: readonly string[],
  context: Context,
): Promise<number | null> {
  const pytest = (interpreter: string, ...given: string[]) =>
    call(workspace, interpreter, 'pytest', [
      ...['-q', '--import-mode=importlib', '-p', 'mlops_runtime.testing.plugin', '-p', 'no:cacheprovider'],
      ...['--rootdir', workspace.root, ...passedOn, ...given],
    ]);
  const statuses: (number | null)[] = [];
  for (const { lock, given } of testRuns(workspace.root, folders, paths)) {
    const interpreter =
      lock === null
        ? python
        : await inStage(createProgress(context), `Packages of ${lock}`, (note) =>
            prepareOwnTesting(workspace, lock, note),
          );
    statuses.push(pytest(interpreter, ...given));
  }
  return statuses.find((status) => status !== 0 && status !== NO_TESTS) ?? (statuses.includes(0) ? 0 : NO_TESTS);
}

const filesOf = (paths: readonly string[]): string[] => paths.map((path) => path.split('::')[0] ?? path);

/** The team's own, from the repository; never those of whoever calls, which differ from machine to machine. */
function settings(root: string): string[] {
  const own = ['ruff.toml', '.ruff.toml'].some((name) => existsSync(join(root, name)));
  const project = join(root, 'pyproject.toml');
  const stated = own || (existsSync(project) && /^\[tool\.ruff\b/m.test(readFileSync(project, 'utf8')));
  return ['--no-cache', ...(stated ? [] : ['--isolated'])];
}
