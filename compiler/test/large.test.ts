/** A big repository compiles to as much more as it has more of everything. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { analyse, emit } from '../compile.ts';
import { largeRepository } from './large.ts';
import { TIMES } from './runs.ts';
import { asSources } from './sources.ts';

test(`repositories of up to ${240 * TIMES} specs have no finding, and each of their groups gives as many files`, () => {
  const counts = [1, 2, 3].map((size) => {
    const { ir, findings } = analyse(asSources(largeRepository(80 * size * TIMES)));
    assert.equal(findings, []);
    return ir ? emit(ir).length : 0;
  });
  const [first = 0, second = 0, third = 0] = counts;
  assert.is(third - second, second - first);
  assert.ok(second - first >= 20 * TIMES, `${counts.join(', ')} files`);
});

test.run();
