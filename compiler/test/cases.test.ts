import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CASES, readCases, run } from './cases.ts';

for (const each of readCases()) {
  test(each.sentence, () => {
    const actual = run(each);
    if (process.env['UPDATE_GOLDENS']) writeFileSync(join(CASES, each.name), each.head + actual);
    else assert.is(actual, each.expected, each.name);
  });
}

test.run();
