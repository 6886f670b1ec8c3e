/** promtool's verdicts, by which the compiler's own are judged, asked again; `UPDATE_GOLDENS=1` records them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readVerdicts, writeVerdicts } from '../../../compiler/test/promql/verdicts.ts';
import { programPath } from './program.ts';

interface Rule {
  alert: string;
  expr: string;
  annotations?: Record<string, string>;
}

/** promtool names each rule that it refuses, by its number from 1. */
function verdictsOf(rules: Rule[]): boolean[] {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-promql-'));
  try {
    const file = join(folder, 'rules.yml');
    // JSON is YAML too, and has one way to write a text.
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'all', rules }] }));
    const { stdout, stderr } = spawnSync(programPath('promtool'), ['check', 'rules', file], { encoding: 'utf8' });
    const refused = new Set(
      [...`${stdout}${stderr}`.matchAll(/group "all", rule (\d+),/g)].map(([, at]) => Number(at)),
    );
    return rules.map((_, index) => !refused.has(index + 1));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const [name, toRule] of [
  ['expressions', (text: string, index: number): Rule => ({ alert: `a${index}`, expr: text })],
  ['templates', (text: string, index: number): Rule => ({ alert: `a${index}`, expr: 'x', annotations: { text } })],
] as const)
  test(`promtool says of the recorded ${name} what is recorded`, () => {
    const recorded = readVerdicts(name);
    const verdicts = verdictsOf(recorded.map(({ text }, index) => toRule(text, index)));
    if (process.env['UPDATE_GOLDENS'] === '1') writeVerdicts(name, verdicts);
    else
      assert.equal(
        recorded.filter(({ isAccepted }, index) => isAccepted !== verdicts[index]).map(({ text }) => text),
        [],
      );
    assert.ok(verdicts.includes(true) && verdicts.includes(false), 'promtool judged nothing');
  });

test('promtool says of the recorded values of series what is recorded', () => {
  const recorded = readVerdicts('values');
  const verdicts = recorded.map(({ text }) => takesValues(text));
  if (process.env['UPDATE_GOLDENS'] === '1') writeVerdicts('values', verdicts);
  else
    assert.equal(
      recorded.map(({ isAccepted }) => isAccepted),
      verdicts,
    );
});

function takesValues(values: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-values-'));
  try {
    writeFileSync(join(folder, 'rules.yml'), 'groups: []\n');
    const expected = { expr: 'vector(1)', eval_time: '1m', exp_samples: [{ labels: '{}', value: 1 }] };
    const one = { interval: '1m', input_series: [{ series: 'x', values }], promql_expr_test: [expected] };
    writeFileSync(join(folder, 'tests.yml'), JSON.stringify({ rule_files: ['rules.yml'], tests: [one] }));
    return spawnSync(programPath('promtool'), ['test', 'rules', join(folder, 'tests.yml')]).status === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.run();
