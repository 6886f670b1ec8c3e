import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { environmentOf, fixtureIr } from '../../test/fixture.ts';
import { alertmanager } from '../alertmanager/tool.ts';
import { prometheus } from './tool.ts';

const ir = fixtureIr();

/** Writes what both tools emit into a folder, and hands it to `work`. */
function inFolder(work: (folder: string, paths: string[]) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-rules-'));
  try {
    const artifacts = [
      ...prometheus.emitCommon(ir),
      ...[prometheus, alertmanager].flatMap((tool) =>
        ['staging', 'prod'].flatMap((name) => tool.emitEnvironment(ir, environmentOf(ir, name))),
      ),
    ];
    for (const { path, content } of artifacts) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    work(
      folder,
      artifacts.map(({ path }) => join(folder, path)),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const run = (program: string, ...words: string[]): string => {
  try {
    return execFileSync(program, words, { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout?: string; stderr?: string; code?: string };
    throw new Error(code === 'ENOENT' ? `${program} is not installed: npm run servers:install` : `${stdout}${stderr}`);
  }
};

test('promtool and amtool accept every configuration', () => {
  inFolder((_, paths) => {
    for (const path of paths.filter((each) => each.endsWith('prometheus.yml')))
      run('promtool', 'check', 'config', path);
    for (const path of paths.filter((each) => each.endsWith('alertmanager.yml'))) run('amtool', 'check-config', path);
  });
});

test('every alert fires when it should and is quiet when it should be, by the generated tests', () => {
  inFolder((_, paths) => {
    const files = paths.filter((path) => path.includes('/prometheus/tests/'));
    const output = run('promtool', 'test', 'rules', ...files);
    assert.is((output.match(/SUCCESS/g) ?? []).length, files.length, output);
  });
});

test('every alert has a runbook', () => {
  const headings = readFileSync(join(import.meta.dirname, '../../../docs/runbooks.md'), 'utf8').toLowerCase();
  const rules = prometheus.emitCommon(ir).filter(({ path }) => path.includes('/rules/'));
  const anchors = rules.flatMap(({ content }) =>
    [...content.matchAll(/runbook: docs\/runbooks\.md#(\w+)/g)].map((match) => match[1]),
  );
  assert.ok(anchors.length > 10);
  for (const anchor of anchors) assert.ok(headings.includes(`## ${anchor}\n`), anchor);
});

test('where there is nothing else only the platform is watched', () => {
  const bare = { ...ir, models: [], featureViews: [], pipelines: [], alerts: [] };
  assert.equal(
    prometheus.emitCommon(bare).map(({ path }) => path),
    ['common/prometheus/rules/platform.yml', 'common/prometheus/tests/platform.yml'],
  );
});

test.run();
