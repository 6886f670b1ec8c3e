/** Events that a schema takes, and JSON Schema itself as the judge of them. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { EventSchema } from '../tools/kafka/schemas.ts';

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
export function eventsOf({ required, properties }: EventSchema): object[] {
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

const judge = new Ajv2020({ strict: false, formats: { 'date-time': /^\d{4}-\d\d-\d\dT/ } });

/** An independent judge. */
export const validator = (schema: EventSchema) => judge.compile({ type: 'object', ...schema });
