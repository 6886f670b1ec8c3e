import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { catalog } from '../diagnostics/catalog.ts';
import { CASES, readCases, run } from './cases.ts';

for (const each of readCases()) {
  test(each.sentence, () => {
    const actual = run(each);
    if (process.env['UPDATE_GOLDENS']) writeFileSync(join(CASES, each.name), each.head + actual);
    else assert.is(actual, each.expected, each.name);
  });
}

/** Needs a real file system; `cli.test.ts` has it. */
const ELSEWHERE = ['YML008'];

test('every code has a case', () => {
  const shown = new Set(
    readCases().flatMap(({ expected }) => [...expected.matchAll(/^(?:error|warning) ([A-Z]{3}\d{3}):/gm)].map(([, code]) => code)),
  );
  assert.equal(
    Object.keys(catalog).filter((code) => !shown.has(code) && !ELSEWHERE.includes(code)),
    [],
  );
});

test.run();
