import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Declared, keyAt, valueAt } from '../link/declared.ts';
import { readExpression } from '../link/promql/read.ts';
import type { Path } from '../source/locate.ts';
import type { MonitoringSpec } from '../spec-schema/generated/types.ts';
import { seconds } from '../spec-schema/units.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  OBS017: {
    severity: 'error',
    title: 'A test of an alert that promtool refuses',
    why: 'promtool refuses the whole file, and no alert of any team is tried.',
    example: 'series: {"up == 0": 1x30}',
    fix: 'Name one series with its labels, and give its values as `1 2 3`, `1x30`, `0+60x30` or `_x30`.',
  },
  OBS018: {
    severity: 'error',
    title: 'A test that says nothing, or contradicts itself',
    why: 'It proves nothing of the alert.',
    example: 'fires: [10m] with silent: [600s]',
    fix: 'State when the alert fires, or when it is silent; not both for one moment.',
  },
});

/** Teams' tests of their alerts are such as promtool reads, and can be met. */
export const ruleTests: Check = {
  codes,
  run: ({ monitorings }) =>
    [...monitorings.values()].flatMap((spec) =>
      Object.entries(spec.value.alerts ?? {}).flatMap(([name, { tests = [] }]) =>
        tests.flatMap((each, index) => ofTest(spec, ['alerts', name, 'tests', index], each)),
      ),
    ),
};

type Stated = NonNullable<NonNullable<MonitoringSpec['alerts']>[string]['tests']>[number];

function ofTest(spec: Declared<'Monitoring'>, path: Path, { series, fires, silent }: Stated): Finding[] {
  const quiet = new Set((silent ?? []).map(seconds));
  const neither = finding(
    'OBS018',
    valueAt(spec, ...path),
    'This test says neither when the alert fires nor when not.',
    {
      help: 'add `fires: [10m]` or `silent: [10m]`',
    },
  );
  return [
    ...(fires || silent ? [] : [neither]),
    ...Object.entries(series).flatMap(([selector, values]) => [
      ...(isSeries(selector)
        ? []
        : [
            finding('OBS017', keyAt(spec, ...path, 'series', selector), 'This is not one series with its labels.', {
              help: 'write it as `metric{label="value"}`, without another operator than =',
            }),
          ]),
      ...(areValues(values)
        ? []
        : [
            finding(
              'OBS017',
              valueAt(spec, ...path, 'series', selector),
              `promtool cannot read the values '${values}'.`,
              {
                help: 'write `1 2 3`, `1x30`, `0+60x30`, `100-1x30`, `_x30` for none, `stale` for an end',
              },
            ),
          ]),
    ]),
    ...(fires ?? []).flatMap((moment, index) =>
      quiet.has(seconds(moment))
        ? [finding('OBS018', valueAt(spec, ...path, 'fires', index), `After ${moment} it is to fire and to be silent.`)]
        : [],
    ),
  ];
}

/** What cannot be read at all is a finding of its own (OBS011). */
function isSeries(text: string): boolean {
  const { error, problems, selectors } = readExpression(text, { forGrafana: false });
  if (error !== null || problems.length > 0) return true;
  const [only] = selectors;
  const rest = only ? text.slice(only.to).trim() : '';
  const isAlone =
    selectors.length === 1 && only?.from === 0 && (rest === '' || (rest.startsWith('{') && rest.endsWith('}')));
  return isAlone && only.matchers.every(({ operator }) => operator === '=');
}

const DECIMAL = String.raw`(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?`;
const NUMBER = `[+-]?(?:${DECIMAL}|[iI][nN][fF]|[nN][aA][nN])`;
/** How often, after the first. */
const TIMES = String.raw`x\d{1,5}`;
const VALUE = new RegExp(
  `^(?:_(?:${TIMES})?|stale|${NUMBER}|[+-]?${DECIMAL}${TIMES}|${NUMBER}[+-]${DECIMAL}${TIMES})$`,
);

export const areValues = (text: string): boolean =>
  text
    .trim()
    .split(/ +/)
    .every((each) => VALUE.test(each));
