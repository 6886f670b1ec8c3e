import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Declared, keyAt, valueAt } from '../link/declared.ts';
import type { Path } from '../source/locate.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import { scalarTypes } from '../spec-schema/scalar-types.ts';
import { type PlacedValue, valuesIn } from '../spec-schema/values.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({}, { SPC008: specCodes.SPC008, SPC012: specCodes.SPC012 });

/** Numbers and masks fit the type that is stated beside them, and no minimum is above its maximum. */
export const ranges: Check = {
  codes,
  run: ({ declared }) =>
    declared.flatMap((spec) =>
      valuesIn(spec.spec.kind, spec.value).flatMap((place) => {
        const unfit = Object.keys(place.schema.properties ?? {}).flatMap((field) => ofType(spec, place, field));
        return unfit.length > 0 ? unfit : crossed(spec, place);
      }),
    ),
};

type Fields = Record<string, unknown>;

/** A field whose range follows from the type that stands beside it. */
function ofType(spec: Declared<Kind>, { schema, path, value }: PlacedValue, field: string): Finding[] {
  const stated = (value as Fields)[field];
  const rangeBy = schema.properties?.[field]?.['x-range-by'];
  if (stated === undefined || rangeBy === undefined) return [];
  const type = String((value as Fields)[rangeBy]);
  const facts = scalarTypes[type];
  if (!facts) return [];
  const related = [{ message: 'the type is set here', at: valueAt(spec, ...path, rangeBy) }];
  if (typeof stated === 'string')
    return facts.masks.includes(stated)
      ? []
      : [
          finding(
            'SPC012',
            valueAt(spec, ...path, field),
            `\`${field}: ${stated}\` is for text, but '${path.at(-1)}' is ${type}.`,
            { help: `use ${facts.masks.map((each) => `\`${field}: ${each}\``).join(' or ')}`, related },
          ),
        ];
  if (!facts.bounds)
    return [
      finding(
        'SPC012',
        keyAt(spec, ...path, field),
        `\`${field}\` has no meaning for '${path.at(-1)}': ${type} values are no numbers.`,
        { help: 'remove it, or correct the type', related },
      ),
    ];
  const { lowest, highest } = facts.bounds;
  const number = stated as number;
  if (number >= lowest && number <= highest) return [];
  return [
    finding(
      'SPC008',
      valueAt(spec, ...path, field),
      `'${field}' is ${number}, but bounds of ${type} values are from ${lowest} to ${highest}.`,
      { help: 'correct the number, or the type', related },
    ),
  ];
}

/** Wherever the schema has both. */
function crossed(spec: Declared<Kind>, { schema, path, value }: PlacedValue): Finding[] {
  if (!schema.properties?.['min'] || !schema.properties['max']) return [];
  const { min, max } = value as { min?: number; max?: number };
  if (min === undefined || max === undefined || min < max) return [];
  const at = (field: string): Path => [...path, field];
  const compared = min === max ? 'equal to' : 'greater than';
  return [
    finding(
      'SPC008',
      valueAt(spec, ...at('min')),
      `The minimum of ${path.at(-1)}, ${min}, is ${compared} its maximum, ${max}.`,
      {
        help: min === max ? 'correct one of them' : 'swap or correct them',
        related: [{ message: 'the maximum is set here', at: valueAt(spec, ...at('max')) }],
      },
    ),
  ];
}
