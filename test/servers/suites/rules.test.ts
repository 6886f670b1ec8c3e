/** The rules and configurations of Prometheus and Alertmanager, as their own tools read them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { filesOf, fixtureIr } from '../../../compiler/test/fixture.ts';
import { programPath } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlops-rules-'));
const paths: string[] = [];

test.before(() => {
  for (const [path, content] of filesOf(fixtureIr())) {
    if (!/\/(prometheus|alertmanager)\//.test(path)) continue;
    paths.push(join(folder, path));
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
});
test.after(() => rmSync(folder, { recursive: true }));

function run(program: string, ...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(programPath(program), words, { encoding: 'utf8' });
  assert.is(status, 0, `${program} ${words.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

for (const [program, file, ...command] of [
  ['promtool', 'prometheus.yml', 'check', 'config'],
  ['amtool', 'alertmanager.yml', 'check-config'],
] as const)
  test(`${program} accepts every ${file}`, () => {
    const configurations = paths.filter((path) => path.endsWith(`/${file}`));
    assert.ok(configurations.length > 0);
    for (const path of configurations) run(program, ...command, path);
  });

test('every alert fires when it should and is quiet when it should be, by the generated tests', () => {
  const files = paths.filter((path) => path.includes('/prometheus/tests/'));
  const output = run('promtool', 'test', 'rules', ...files);
  assert.ok(files.length > 0);
  assert.is((output.match(/SUCCESS/g) ?? []).length, files.length, output);
});

test.run();
