import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { catalog } from '../catalog.ts';
import { CASES, ELSEWHERE, readCases, run } from './cases.ts';

for (const each of readCases()) {
  test(each.sentence, () => {
    const actual = run(each);
    if (process.env['UPDATE_GOLDENS']) writeFileSync(join(CASES, each.name), each.head + actual);
    else assert.is(actual, each.expected, each.name);
  });
}

test('every code has a case in which it is found, and two in which it is not', () => {
  const cases = readCases();
  const lacking = Object.keys(catalog).filter((code) => {
    const own = cases.filter(({ name }) => name.startsWith(code));
    const found = own.filter(({ expected }) => new RegExp(`^(error|warning) ${code}:`, 'm').test(expected));
    return !ELSEWHERE.includes(code) && (found.length === 0 || own.length - found.length < 2);
  });
  assert.equal(lacking, []);
});

test('each of the ten defects of hand-made platforms is found', () => {
  const defects = readCases().filter(({ name }) => name.startsWith('defect-'));
  assert.is(defects.length, 10);
  for (const { name, expected } of defects) assert.match(expected, /^(error|warning) /, name);
});

test.run();
