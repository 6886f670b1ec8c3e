/** `mlops migrate`: specs of older versions are lifted, comments and every other byte are kept. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../cli.ts';
import { analyse } from '../compile.ts';
import { migrate } from '../migrate/migrate.ts';
import { readSources } from '../source/read.ts';

const REFERENCE = join(import.meta.dirname, 'reference');
const OLDEST = join(import.meta.dirname, 'oldest');

const file = (path: string, text: string) => ({ path, bytes: Buffer.from(text), refused: null });
const lifted = (path: string, text: string): string => migrate([file(path, text)]).texts.get(path) ?? text;

/** What it was, and what it is now. */
const MODELS: Record<string, [string, string]> = {
  'in blocks, with what is said of it': [
    'kind: Model\nserving:\n  # how it serves\n  online:\n    timeout: 2s # soon\n' +
      '    missing_features: allow # trees take them\n    workers: 2\n',
    'kind: Model\nserving:\n  # how it serves\n  missing_features: allow # trees take them\n' +
      '  online:\n    timeout: 2s # soon\n    workers: 2\n',
  ],
  'alone in its block': [
    'kind: Model\nserving:\n  online: # an API\n    missing_features: reject\ntags: {a: b}\n',
    'kind: Model\nserving:\n  missing_features: reject\n  online: {} # an API\ntags: {a: b}\n',
  ],
  'between braces in a block': [
    'kind: Model\nserving:\n  online: {timeout: 2s, missing_features: allow}\n  batch: {entities: t}\n',
    'kind: Model\nserving:\n  missing_features: allow\n  online: {timeout: 2s}\n  batch: {entities: t}\n',
  ],
  'first between braces': [
    'kind: Model\nserving: {online: {missing_features: allow,  timeout: 2s}} # so\n',
    'kind: Model\nserving: {missing_features: allow, online: {timeout: 2s}} # so\n',
  ],
  'with the line ends of Windows and a mark': [
    '\ufeffkind: Model\r\nserving:\r\n  online:\r\n    workers: 2\r\n    missing_features: allow\r\n',
    '\ufeffkind: Model\r\nserving:\r\n  missing_features: allow\r\n  online:\r\n    workers: 2\r\n',
  ],
  'at the end, without a last line end': [
    'kind: Model\nserving:\n    online:\n        workers: 2\n        missing_features: allow',
    'kind: Model\nserving:\n    missing_features: allow\n    online:\n        workers: 2\n',
  ],
};

const PLATFORMS: Record<string, [string, string]> = {
  'ports that no tool has': [
    'kind: Platform\nformat: 1\nenvironments:\n  a:\n    ports:\n' +
      '      statsd: 9125 # for Airflow\n      mlflow: 5001\n      statsd_exporter: 9102\n' +
      '  b: {ports: {statsd: 1, kafka: 2}}\n',
    'kind: Platform\nformat: 1\nenvironments:\n  a:\n    ports:\n      # for Airflow\n' +
      '      mlflow: 5001\n  b: {ports: {kafka: 2}}\n',
  ],
  'a format before the first': [
    'kind: Platform\nformat: 0 # early\nname: a\n',
    'kind: Platform\nformat: 1 # early\nname: a\n',
  ],
};

for (const [path, cases] of [
  ['models/m/model.yaml', MODELS],
  ['platform.yaml', PLATFORMS],
] as const)
  for (const [name, [before, after]] of Object.entries(cases))
    test(`${path}: ${name}`, () => {
      const once = lifted(path, before);
      assert.is(once.replace(/\n$/, ''), after.replace(/\n$/, ''));
      assert.is(lifted(path, once), once, 'a second time changes nothing');
    });

test('what is of this version stays as it is, to the byte', () => {
  for (const root of [REFERENCE, join(OLDEST, '0.1.0')]) assert.is(migrate(readSources(root).specs).texts.size, 0);
});

test('a key that stands in both places is left to its author', () => {
  const both = 'kind: Model\nserving:\n  missing_features: reject\n  online: {missing_features: allow}\n';
  assert.is(lifted('models/m/model.yaml', both), both);
});

test('a lifted spec compiles; --dry-run writes nothing; a newer format is refused', async () => {
  const root = mkdtempSync(join(tmpdir(), 'mlops-migrate-'));
  const printed: string[] = [];
  const call = (...words: string[]): Promise<number> =>
    main(['-C', root, ...words], { out: (text) => void printed.push(text), err: (text) => void printed.push(text) });
  try {
    cpSync(REFERENCE, root, { recursive: true });
    const path = join(root, 'models/delivery_time/model.yaml');
    const now = readFileSync(path, 'utf8');
    const old = now
      .replace('  missing_features: allow\n', '')
      .replace('  online:\n', '  online:\n    missing_features: allow # trees take them\n');
    writeFileSync(path, old);
    assert.ok(analyse(readSources(root)).ir === null);
    assert.is(await call('migrate', '--dry-run'), 0);
    assert.is(readFileSync(path, 'utf8'), old);
    assert.is(await call('migrate'), 0);
    assert.match(printed.join(''), /delivery_time\/model\.yaml: `serving\.online\.missing_features` is/);
    assert.equal(analyse(readSources(root)).findings, []);
    const platform = join(root, 'platform.yaml');
    writeFileSync(platform, readFileSync(platform, 'utf8').replace('format: 1', 'format: 2'));
    writeFileSync(path, old);
    assert.is(await call('migrate'), 2);
    assert.match(printed.join(''), /platform\.yaml has format 2, and this compiler reads format 1/);
    assert.is(readFileSync(path, 'utf8'), old);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

test('a repository made by the oldest packed version still compiles', () => {
  const { ir, findings } = analyse(readSources(join(OLDEST, '0.1.0')));
  assert.equal(findings, []);
  assert.equal(
    ir?.models.map(({ name }) => name),
    ['delivery_time'],
  );
});

test.run();
