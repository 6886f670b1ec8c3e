/** Values inside and outside the range of each number of the language, as its schema and the tables by type have it. */
import fc from 'fast-check';
import { scalarTypes } from '../spec-schema/scalar-types.ts';
import type { Schema } from '../spec-schema/schemas.ts';

export interface Samples {
  inside: fc.Arbitrary<string>;
  outside: fc.Arbitrary<string>;
}

/** As YAML has it. `beside` is the map that the value stands in. */
export function samplesOf(schema: Schema, beside: Record<string, unknown>): Samples | null {
  const rangeBy = schema['x-range-by'];
  if (rangeBy !== undefined && schema['x-quantity'] === 'value') return ofType(String(beside[rangeBy]));
  if (schema.type === 'integer' || schema.type === 'number') return ofNumber(schema);
  return schema.pattern === undefined ? null : ofText(schema.pattern, schema['x-quantity'] ?? '');
}

const NO_NUMBERS = ['.inf', '-.inf', '.nan', 'many', '"5"', '[]', '{}', 'true', '1_000', '1e400'];

function ofNumber({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): Samples {
  const low = minimum ?? exclusiveMinimum ?? Number.NaN;
  const high = maximum ?? exclusiveMaximum ?? Number.NaN;
  const isWhole = type === 'integer';
  const between = isWhole
    ? fc.integer({ min: low, max: high })
    : fc
        .double({ min: low, max: high, noNaN: true })
        .filter((each) => (minimum !== undefined || each > low) && (maximum !== undefined || each < high));
  const beyond = [
    ...(exclusiveMinimum === undefined ? [below(low)] : [String(low), below(low)]),
    ...(exclusiveMaximum === undefined ? [above(high)] : [String(high), above(high)]),
    ...(isWhole ? ['2.5'] : []),
  ];
  return {
    inside: between.map(String),
    outside: fc.oneof(
      fc.constantFrom(...beyond, ...NO_NUMBERS),
      fc.integer({ min: 1, max: 1e9 }).map((each) => below(low - each)),
    ),
  };
}

/** A number on the other side; near a large one, the next whole number is the same double. */
const below = (bound: number): string => String(Math.abs(bound) > 1e16 ? bound * 1.05 : bound - 1);
const above = (bound: number): string => String(Math.abs(bound) > 1e16 ? bound * 1.05 : bound + 1);

function ofType(type: string): Samples | null {
  const bounds = scalarTypes[type]?.bounds;
  return bounds ? ofNumber({ type: 'number', minimum: bounds.lowest, maximum: bounds.highest }) : null;
}

const WRONG: Record<string, string[]> = {
  duration: ['0s', '0d', '-5m', '1.5h', '1000000s', '1000000h', '100000d', '10000w', '5', '5ms', '1h30m', '"5 m"', 'd'],
  latency: ['0ms', '0s', '-5ms', '1.5s', '1000000ms', '5m', '5', 'ms'],
  memory: ['0m', '5m', '1k', '512', '-1g', '1.5g', '1000000g', '512M'],
  disk: ['0m', '1k', '512', '-1g', '1.5g', '1000000g', '512M', '1t'],
  share: ['101%', '100.1%', '300%', '-1%', '0.5', '5', '"%"', '1.23456%', '1000%'],
  'exceedable share': ['100%', '100.0%', '300%', '-1%', '0.5', '"%"'],
  'open share': ['0%', '0.0%', '00%', '100%', '100.0%', '999%', '-1%', '0.999'],
  port: ['mail', '"mail:"', '"mail:0"', '"mail:65536"', '"mail:99999"', '"mail:025"', '":25"', '25'],
};

/** Stated by the unit rather than by the pattern, which is what is tried. */
const RIGHT: Record<string, fc.Arbitrary<string>> = {
  duration: fc
    .constantFrom(['s', 999_999], ['m', 999_999], ['h', 999_999], ['d', 99_999], ['w', 9999])
    .chain(([unit, most]) => fc.integer({ min: 1, max: most as number }).map((each) => `${each}${unit}`)),
  latency: fc.tuple(fc.integer({ min: 1, max: 999_999 }), fc.constantFrom('ms', 's')).map((each) => each.join('')),
  memory: fc.tuple(fc.integer({ min: 6, max: 999_999 }), fc.constantFrom('m', 'g')).map((each) => each.join('')),
  disk: fc.tuple(fc.integer({ min: 1, max: 999_999 }), fc.constantFrom('m', 'g')).map((each) => each.join('')),
  share: fc.integer({ min: 0, max: 1_000_000 }).map((each) => `${each / 10_000}%`),
  'exceedable share': fc.integer({ min: 0, max: 999_999 }).map((each) => `${each / 10_000}%`),
  'open share': fc.integer({ min: 1, max: 999_999 }).map((each) => `${each / 10_000}%`),
  port: fc.integer({ min: 1, max: 65_535 }).map((each) => `"mail.example.com:${each}"`),
};

function ofText(pattern: string, quantity: string): Samples | null {
  const [inside, wrong] = [RIGHT[quantity], WRONG[quantity]];
  if (!inside || !wrong) return null;
  const form = new RegExp(pattern, 'u');
  const anything = fc.string({ maxLength: 12 }).filter((each) => !form.test(each));
  return {
    inside,
    outside: fc.oneof(
      fc.constantFrom(...wrong),
      anything.map((each) => JSON.stringify(each)),
    ),
  };
}
