import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FeatureView, Ir, ScalarType } from '../../ir/types.ts';
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

const TIME = '2026-01-31T12:00:00Z';
/** Values of a property: its edges, and one that only the widest types take. */
const VALUES: Record<string, unknown[]> = {
  boolean: [true],
  integer: [0, -(2 ** 31), 2 ** 31 - 1, 2 ** 40],
  number: [0, 1.5, 1e300],
  string: ['a text', TIME],
  null: [null],
};

/** Events that a producer sends by the schema, with one property at a time at each of its values. */
function eventsOf({ required, properties }: ReturnType<typeof eventSchema>): object[] {
  const values = Object.entries(properties).map(([name, schema]): [string, unknown[]] => {
    const types = [schema.type].flat();
    const all = types.flatMap((each) => VALUES[each] ?? []);
    return [name, schema.format === undefined ? all : [TIME, ...(types.includes('null') ? [null] : [])]];
  });
  const least = Object.fromEntries(
    values.filter(([name]) => required.includes(name)).map(([name, [one]]) => [name, one]),
  );
  return [least, ...values.flatMap(([name, all]) => all.map((each) => ({ ...least, [name]: each })))];
}

/** An independent judge: JSON Schema itself. */
const validator = (schema: object) =>
  new Ajv2020({ strict: false, formats: { 'date-time': /^\d{4}-\d\d-\d\dT/ } }).compile({ type: 'object', ...schema });

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
