import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FeatureView, Ir, ScalarType } from '../../ir/types.ts';
import { eventsOf, validator } from '../../test/event-schemas.ts';
import { fixtureIr } from '../../test/fixture.ts';
import { runs } from '../../test/runs.ts';
import { refusals } from './schemas.ts';
import { eventSchema, streamed } from './topics.ts';

const ir = fixtureIr();
const view = streamed(ir)[0] as FeatureView;
const TYPES: ScalarType[] = ['bool', 'int32', 'int64', 'float32', 'float64', 'string', 'timestamp'];

interface Shape {
  key: ScalarType;
  created: boolean;
  timestamp: string;
  features: Partial<Record<string, ScalarType>>;
}

const type = fc.constantFrom(...TYPES);
const shape: fc.Arbitrary<Shape> = fc.record({
  key: fc.constantFrom<ScalarType>('int32', 'int64', 'string'),
  created: fc.boolean(),
  timestamp: fc.constantFrom('observed_at', 'seen_at'),
  features: fc.record({ a: type, b: type }, { requiredKeys: ['a'] }),
});

const PARTS = ['key', 'created', 'timestamp', 'features'] as const;

function schemaOf({ key, created, timestamp, features }: Shape) {
  const entities = ir.entities.map((each) => ({ ...each, type: key }));
  const shaped = {
    ...view,
    batch: { ...view.batch, timestamp, created: created ? 'ingested_at' : null },
    features: Object.entries(features).map(([name, of]) => ({ ...view.features[0], name, type: of })),
  } as FeatureView;
  return eventSchema(shaped, { ...ir, entities } as Ir);
}

test('what is called compatible refuses no event of before; what is not has one that it refuses', () => {
  const verdicts = { compatible: 0, incompatible: 0 };
  fc.assert(
    fc.property(shape, shape, fc.constantFrom(...PARTS), (before, other, part) => {
      const after = { ...before, [part]: other[part] };
      const [old, now] = [schemaOf(before), schemaOf(after)];
      const [isOld, isNow] = [validator(old), validator(now)];
      const events = eventsOf(old).filter((each) => isOld(each));
      const refused = events.filter((each) => !isNow(each));
      // What the old schema says nothing of a producer does not send.
      const isCompatible = refusals(old, now).length === 0;
      verdicts[isCompatible ? 'compatible' : 'incompatible'] += 1;
      assert.is(refused.length === 0, isCompatible, JSON.stringify([old, now, refused[0]]));
    }),
    runs(60),
  );
  assert.ok(verdicts.compatible > 10 && verdicts.incompatible > 10, JSON.stringify(verdicts));
  console.log(
    `figure: ${verdicts.compatible} compatible and ${verdicts.incompatible} other pairs of schemas of events`,
  );
});

test.run();
