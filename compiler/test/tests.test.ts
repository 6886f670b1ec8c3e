/** What the tests of the product keep to: none turns itself off, measures time, or reads a team's specs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const ROOT = join(import.meta.dirname, '../..');

const below = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));

/** Tests, and what stands beside them for their use. */
const everyFile = [...below('compiler'), ...below('test'), ...below('runtime/tests')].filter((path) =>
  path.endsWith('.py') ? path.startsWith('runtime/tests/') : /\.test\.ts$|^(compiler\/)?test\/.*\.ts$/.test(path),
);
const ofServers = /^(test|runtime\/tests)\/servers\//;
/** What `npm test` runs. */
const files = everyFile.filter((path) => !ofServers.test(path));

const holding = (paths: string[], pattern: RegExp): string[] =>
  paths.flatMap((path) => {
    const found = pattern.exec(readFileSync(join(ROOT, path), 'utf8'));
    return found && !path.endsWith('/tests.test.ts') ? [`${path}: ${found[0]}`] : [];
  });

test('no test turns itself off, neither here nor among those of the servers', () => {
  const off = /\b(test|suite)\.(skip|only)\b|pytest\.(skip|importorskip|xfail)\b|mark\.(skip|skipif|xfail)\b|NOT RUN/;
  assert.equal(holding(everyFile, off), []);
});

test('no test measures time: a busy machine is measured by `npm run bench`', () => {
  const clock = /performance\.now|hrtime|Date\.now\(\) - |assert.*(monotonic|perf_counter)\(\) - /;
  assert.equal(holding(files, clock), []);
});

test('no test reads the specs, the code or the output of the repository that it stands in', () => {
  const specs = '(platform\\.yaml|features|pipelines|models|policies|monitoring|generated)';
  const root = `(ROOT|import\\.meta\\.dirname, '(\\.\\./)+'|import\\.meta\\.dirname, '(\\.\\.)(/\\.\\.)*')`;
  const reads = [`join\\(${root}, '${specs}\\b`, `(readSources|readRepository)\\(ROOT\\)`, `\\.\\./${specs}/`];
  const ofTests = files.filter((path) => path.endsWith('.test.ts') || /^test\/conformance\//.test(path));
  assert.equal(holding(ofTests, new RegExp(reads.join('|'))), []);
});

test('what the tests stand on is there', () => {
  assert.ok(files.length > 80, `${files.length} files`);
  assert.ok(existsSync(join(ROOT, 'compiler/test/platforms/flights/platform.yaml')));
});

test.run();
