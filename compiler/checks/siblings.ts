import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Declared, keyAt, valueAt } from '../link/declared.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  PIP013: {
    severity: 'warning',
    title: 'A setting that all sibling pipelines have is missing',
    why: 'One of several pipelines probably lost a line.',
    example: 'two pipelines with `catchup: true`, and a third without',
    fix: 'Add the setting.',
  },
});

/** Settings that differ from pipeline to pipeline anyway. */
const OWN = new Set(['kind', 'name', 'owner', 'description', 'steps']);
const FEWEST = 3;

/** A setting that all other pipelines in a folder have. */
export const siblings: Check = {
  codes,
  run: ({ pipelines }) => {
    const families = new Map<string, Declared<'Pipeline'>[]>();
    for (const pipeline of pipelines.values()) {
      const folder = pipeline.spec.folder.slice(0, pipeline.spec.folder.lastIndexOf('/'));
      const family = families.get(folder);
      if (family) family.push(pipeline);
      else families.set(folder, [pipeline]);
    }
    return [...families.values()].filter(({ length }) => length >= FEWEST).flatMap(lacking);
  },
};

function lacking(family: Declared<'Pipeline'>[]): Finding[] {
  const settings = new Set(family.flatMap(({ value }) => Object.keys(value)).filter((key) => !OWN.has(key)));
  return [...settings].flatMap((setting) => {
    const [without, ...more] = family.filter(({ value }) => !Object.hasOwn(value, setting));
    if (!without || more.length > 0) return [];
    const others = family.filter((each) => each !== without);
    return [
      finding(
        'PIP013',
        valueAt(without, 'kind'),
        `Pipeline ${without.name} has no \`${setting}\`, but its ${others.length} siblings do.`,
        {
          help: `add \`${setting}:\`, or suppress the finding with a reason`,
          related: others
            .slice(0, 2)
            .map((each) => ({ message: `${each.name} has it here`, at: keyAt(each, setting) })),
        },
      ),
    ];
  });
}
