import { defineCodes } from '../diagnostics/codes.ts';
import { valueAt } from '../link/declared.ts';
import { lostNumber } from '../resolve/exact.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import { valuesIn } from '../spec-schema/values.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({}, { SPC008: specCodes.SPC008 });

/** What is passed on to the team's code arrives there as it is written. */
export const exactValues: Check = {
  codes,
  run: ({ declared }) =>
    declared.flatMap((spec) =>
      valuesIn(spec.spec.kind, spec.value).flatMap(({ schema, path }) => {
        const why = schema['x-quantity'] === 'passed on' ? lostNumber(spec, path) : null;
        if (why === null) return [];
        return [
          finding('SPC008', valueAt(spec, ...path), `This value cannot be passed on as it is written: ${why}.`, {
            help: 'write it as a text, in quotes, and read it in the code',
          }),
        ];
      }),
    ),
};
