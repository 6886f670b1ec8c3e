import { defineCodes } from '../diagnostics/codes.ts';
import { spelling } from '../diagnostics/nearest.ts';
import { valueAt } from '../link/declared.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes(
  {
    PLT011: {
      severity: 'error',
      title: 'Unknown owner',
      why: 'Nobody would be called when it breaks.',
      example: 'owner: ml-platfrom',
      fix: 'Correct the name, or declare it in platform.yaml.',
    },
  },
  { SPC005: specCodes.SPC005 },
);

/** An owner is one of platform.yaml's. */
export const owners: Check = {
  codes,
  run({ platform, declared }) {
    const known = Object.keys(platform.value.owners);
    const unknown = (owner: string, at: ReturnType<typeof valueAt>) =>
      known.includes(owner)
        ? []
        : [
            finding('PLT011', at, `There is no owner '${owner}' in platform.yaml.`, {
              ...spelling(owner, known, `the owners are ${known.join(', ')}`),
            }),
          ];
    const fallback = platform.value.defaults?.owner;
    const ofDefaults = fallback === undefined ? [] : unknown(fallback, valueAt(platform, 'defaults', 'owner'));
    const ofSpecs = declared.flatMap((each) => {
      const owner = (each.value as { owner?: string }).owner;
      if (owner !== undefined) return unknown(owner, valueAt(each, 'owner'));
      if (
        each.spec.kind === 'Platform' ||
        each.spec.kind === 'Policy' ||
        fallback !== undefined ||
        each.spec.folder.split('/').some((part) => known.includes(part))
      )
        return [];
      return [
        finding(
          'SPC005',
          valueAt(each, 'kind'),
          `${each.name} has no owner, its folder names none, and platform.yaml has no default.`,
          {
            help: "add 'owner:', or 'defaults: {owner: …}' to platform.yaml",
          },
        ),
      ];
    });
    return [...ofDefaults, ...ofSpecs];
  },
};
