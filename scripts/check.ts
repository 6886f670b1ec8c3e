/** `npm run check`: types, lint, format and staleness, for TypeScript and Python. Names every check that fails. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { $, chalk, type ProcessPromise } from 'zx';
import { preparePython } from './testing/python.ts';

const root = join(import.meta.dirname, '..');
$.verbose = false;
$.quiet = true;
$.cwd = root;
$.nothrow = true;
$.timeout = '600s';

const python = await preparePython(root);
// A team's repository may have no model yet.
const code = ['runtime', 'pipelines', 'models', 'test'].filter((folder) => existsSync(join(root, folder)));
const checks: [string, () => ProcessPromise][] = [
  ['TypeScript: types', () => $`npx tsc -p .`],
  ['TypeScript: lint and format', () => $`npx biome check --error-on-warnings .`],
  ['JSON Schemas: generated types and validators', () => $`npx tsx scripts/generate-schema.ts --check`],
  ['docs/codes.md', () => $`npx tsx scripts/generate-docs.ts --check`],
  ['specs: generated/', () => $`npx tsx compiler/cli.ts compile --check`],
  ['Python: lint', () => $`${python} -m ruff check --config runtime/pyproject.toml ${code}`],
  ['Python: format', () => $`${python} -m ruff format --check --config runtime/pyproject.toml ${code}`],
  ['Python: types', () => $({ cwd: join(root, 'runtime') })`${python} -m mypy`],
];

let failures = 0;
for (const [name, run] of checks) {
  const result = await run();
  console.log(`${result.exitCode === 0 ? chalk.green('✓') : chalk.red('✗')} ${name}`);
  if (result.exitCode === 0) continue;
  failures += 1;
  console.log(`${result.stdout}${result.stderr}`.replace(/^/gm, '    '));
}
console.log(`\n${checks.length - failures} checks passed, ${failures} failed`);
process.exitCode = failures > 0 ? 1 : 0;
