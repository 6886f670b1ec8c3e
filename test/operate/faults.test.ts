/** A dozen of the faults of `npm run test:faults`, each kind once. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BOUNDARIES } from '../../compiler/release/boundaries.ts';
import { numbers } from '../../compiler/test/numbers.ts';
import { boundariesOf, casesOf, FAULTS, tried, writeFaultyPlan } from './faults.ts';
import { withSandbox } from './sandbox.ts';

const SEED = 1;

test(
  'a deploy that is killed, refused, cut, denied or out of room at any boundary ends wholly old or wholly new',
  withSandbox({}, async (sandbox) => {
    writeFaultyPlan(sandbox.workspace.checkout, [15420, 15421, 15422]);
    const found = await boundariesOf(sandbox);
    const visited = new Set([...found.plain, ...found.undone].map((each) => each.split(' ')[0]));
    assert.equal(
      BOUNDARIES.filter((each) => !visited.has(each)),
      [],
      'boundaries that no deploy comes by',
    );
    const cases = casesOf(found, numbers(SEED)).slice(0, FAULTS.length + 1);
    assert.is(new Set(cases.map(({ faults }) => faults.at(-1)?.name)).size, FAULTS.length);
    for (const [index, each] of cases.entries())
      assert.is((await tried(sandbox, each, `text of ${index}`)).wrong, null, `seed ${SEED}: ${each.what}`);
  }),
);

test.run();
