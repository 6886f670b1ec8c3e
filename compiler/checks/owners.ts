import { defineCodes } from '../diagnostics/codes.ts';
import { valueAt } from '../link/declared.ts';
import { ownerOf } from '../link/graph.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({}, { SPC005: specCodes.SPC005 });

/** Every spec that needs an owner has one. */
export const owners: Check = {
  codes,
  run: (graph) =>
    graph.declared
      .filter((each) => each.spec.kind !== 'Platform' && each.spec.kind !== 'Policy' && ownerOf(each, graph) === '')
      .map((each) =>
        finding(
          'SPC005',
          valueAt(each, 'kind'),
          `${each.name} has no owner, its folder names none, and platform.yaml has no default.`,
          { help: "add 'owner:', or 'defaults: {owner: …}' in platform.yaml" },
        ),
      ),
};
