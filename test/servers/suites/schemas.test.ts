/**
 * Whether a change of the specs breaks the events of a topic, beside Apicurio's registry, and beside JSON Schema:
 * each pair that is called incompatible has an event that the old schema takes and the new one refuses, no other has.
 *
 *   TIMES=20 npm run test:servers -- schemas      10,000 pairs
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eventsOf, validator } from '../../../compiler/test/event-schemas.ts';
import { SEED, TIMES } from '../../../compiler/test/runs.ts';
import { refusals } from '../../../compiler/tools/kafka/schemas.ts';
import { apicurioSays } from '../../schemas/apicurio.ts';
import { pairsOf } from '../../schemas/pairs.ts';

const pairs = pairsOf(500 * TIMES, SEED);
const ours = pairs.map(({ old, now }) => refusals(old, now));
const compatible = ours.filter((each) => each.length === 0).length;
const told = (index: number, ...more: string[]): string =>
  [`${pairs[index]?.edits.join(', ')}: we say ${ours[index]?.join('; ') || 'compatible'}`, ...more].join('\n  ');

test('the pairs are of both kinds', () => {
  assert.ok(compatible * 5 > pairs.length && compatible * 5 < pairs.length * 4, `${compatible} of ${pairs.length}`);
});

test("Apicurio's registry says the same of each pair", () => {
  const theirs = apicurioSays(pairs);
  assert.is(theirs.length, pairs.length);
  const differing = pairs.flatMap((_, index) =>
    (theirs[index] === '') === (ours[index]?.length === 0) ? [] : [told(index, `they say ${theirs[index]}`)],
  );
  console.log(`figure: ${pairs.length} pairs of schemas, seed ${SEED}: ${differing.length} differ from Apicurio`);
  assert.equal(differing.slice(0, 20), []);
});

test('what is called incompatible has an event that is refused from then on, and nothing else has', () => {
  const wrong = pairs.flatMap(({ old, now }, index) => {
    const [isOld, isNow] = [validator(old), validator(now)];
    const refused = eventsOf(old).filter((each) => isOld(each) && !isNow(each));
    return refused.length > 0 === (ours[index] ?? []).length > 0 ? [] : [told(index, JSON.stringify(refused[0]))];
  });
  console.log(`figure: ${compatible} of ${pairs.length} pairs compatible, none with a refused event`);
  assert.equal(wrong.slice(0, 20), []);
});

test.run();
