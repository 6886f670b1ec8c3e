import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { changeRules as rules } from '../plan/rules/registry.ts';
import { fixtureIr } from './fixture.ts';
import { caseFiles, changesOf, PLAN_CASES, readTrials, type Trial } from './plan-cases.ts';

const ir = fixtureIr();
const spoken = ({ code, ...trial }: Trial): string | null =>
  changesOf(trial, ir).find((change) => change.code === code)?.sentence ?? null;

for (const file of caseFiles())
  test(`rules of ${file.replace('.txt', '')} speak where they must, and nowhere else`, () => {
    const trials = readTrials(file);
    if (process.env['UPDATE_GOLDENS']) return update(file, trials);
    for (const trial of trials) assert.is(spoken(trial), trial.sentence, `${trial.code}: ${trial.edit}`);
  });

/** Whether a rule speaks is decided by hand; how it says it is written down. */
function update(file: string, trials: readonly Trial[]): void {
  let text = readFileSync(join(PLAN_CASES, file), 'utf8');
  for (const trial of trials.filter(({ sentence }) => sentence !== null)) {
    const line = `\n+ ${trial.edit}\n= `;
    const at = text.indexOf(line, text.indexOf(`${trial.code} `)) + line.length;
    text = text.slice(0, at) + (spoken(trial) ?? '') + text.slice(text.indexOf('\n', at));
  }
  writeFileSync(join(PLAN_CASES, file), text);
}

test('each rule has a case in which it speaks, and one in which it does not', () => {
  const trials = caseFiles().flatMap(readTrials);
  const lacking = rules.filter(({ code }) => {
    const own = trials.filter((trial) => trial.code === code);
    return !own.some(({ sentence }) => sentence) || !own.some(({ sentence }) => sentence === null);
  });
  assert.equal(
    lacking.map(({ code }) => code),
    [],
  );
  assert.equal(
    trials.map(({ code }) => code).filter((code) => !rules.some((rule) => rule.code === code)),
    [],
  );
});

test.run();
