import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { nearest, respelt } from '../diagnostics/nearest.ts';
import { valueAt } from '../link/declared.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  SPC014: {
    severity: 'warning',
    title: 'The unit looks misspelt',
    why: 'Units are shown in dashboards, notebooks and documentation.',
    example: 'unit: mni',
    fix: 'Correct it.',
  },
});

/** Common units by their usual symbols. Others are fine unless they are one typo away from one of these. */
const UNITS =
  'ns us ms s min h d week month year m cm mm km mi ft in yd nmi kg g mg lb oz t l ml gal m2 km2 m3 mph kn ' +
  'degC degF degrees K hPa kPa Pa bar inHg W kW kWh J V A Hz kHz MHz GHz B kB MB GB KiB MiB GiB percent ratio count ' +
  'USD EUR GBP JPY CHF CNY INR';
const known = new Set(UNITS.split(' '));
const byLength = new Map(
  [...known].map(({ length }) => [length, new Set([...known].filter((each) => each.length === length))]),
);

/** Units that are almost a common one. */
export const units: Check = {
  codes,
  run: ({ views, models }) => [
    ...[...views.values()].flatMap((view) =>
      Object.entries(view.value.features).flatMap(([name, { unit }]) =>
        slip(unit, () => valueAt(view, 'features', name, 'unit')),
      ),
    ),
    ...[...models.values()].flatMap((model) =>
      Object.entries(model.value.request ?? {}).flatMap(([name, { unit }]) =>
        slip(unit, () => valueAt(model, 'request', name, 'unit')),
      ),
    ),
  ],
};

function slip(unit: string | undefined, at: () => Finding['at']): Finding[] {
  if (unit === undefined || unit.length < 3 || known.has(unit)) return [];
  const near = nearest(unit, byLength.get(unit.length) ?? []);
  return near === null ? [] : [finding('SPC014', at(), `The unit '${unit}' is not a common one.`, respelt(unit, near))];
}
