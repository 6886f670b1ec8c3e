import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { spelling } from '../diagnostics/nearest.ts';
import { valueAt } from '../link/declared.ts';
import { type StatedExpression, soundExpressionsOf } from '../link/expressions.ts';
import { fullMatch } from '../link/promql/literals.ts';
import { type KnownMetrics, metricsOf } from '../link/promql/metrics.ts';
import type { Grouping, Matcher, Selector } from '../link/promql/read.ts';
import type { ResolvedGraph } from '../resolve/resolve.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  OBS004: {
    severity: 'error',
    title: 'The expression drops a label that the alert names',
    why: 'Whoever gets the alert does not learn what it is about.',
    example: 'expr: sum(x) > 1 with summary: "{{ $labels.model }}"',
    fix: 'Aggregate `by` that label.',
  },
  OBS013: {
    severity: 'error',
    title: 'A label that the metric does not have',
    why: 'The selector matches nothing, or everything falls into one group: no alert, an empty panel.',
    example: 'expr: mlops_stream_lag_records{veiw="clicks"} > 1',
    fix: "Correct the label's name.",
  },
  OBS014: {
    severity: 'error',
    title: 'A label value that nothing has',
    why: 'The selector matches nothing: no alert, an empty panel.',
    example: 'expr: mlops_view_age_seconds{view="airport_wether"} > 3600',
    fix: 'Correct the name of the model, view, feature or pipeline.',
  },
  OBS016: {
    severity: 'error',
    title: 'A quantile without its buckets',
    why: 'histogram_quantile() computes from the label `le`; without it there is no result.',
    example: 'expr: histogram_quantile(0.9, sum by (model) (rate(x_bucket[5m]))) > 1',
    fix: 'Keep `le`: `sum by (le, model)`.',
  },
});

/** Labels in expressions exist, and so do their values where the specs know them. */
export const metricLabels: Check = {
  codes,
  run: (graph) => {
    const values = knownValues(graph);
    const { stored } = metricsOf(graph);
    return soundExpressionsOf(graph).flatMap((each) => [
      ...each.read.selectors.flatMap((selector) => ofSelector(selector, { stored, values }, each)),
      ...each.read.groupings.flatMap((grouping) => ofGrouping(grouping, stored, each)),
      ...(lostLabels(each) ?? lostBuckets(each)),
    ]);
  },
};

function ofSelector({ metric, matchers }: Selector, { stored, values }: There, { at }: StatedExpression): Finding[] {
  const known = stored.get(metric)?.labels;
  if (!known) return [];
  return matchers.flatMap((matcher) =>
    known.has(matcher.label.text)
      ? ofValue(matcher, values, at)
      : [
          finding('OBS013', at(matcher.label), `${metric} has no label '${matcher.label.text}'.`, {
            ...spelling(matcher.label.text, known, `it has ${shown(known)}`),
          }),
        ],
  );
}

function ofGrouping({ label, metrics }: Grouping, stored: Stored, { at }: StatedExpression): Finding[] {
  const known = (metrics ?? []).map((metric) => stored.get(metric)?.labels);
  if (known.length === 0 || known.includes(undefined)) return [];
  const there = new Set(known.flatMap((labels) => [...(labels ?? [])]));
  if (there.has(label.text)) return [];
  const names = [...new Set(metrics)].join(' and ');
  return [
    finding('OBS013', at(label), `${names} ${names.includes(' ') ? 'have' : 'has'} no label '${label.text}'.`, {
      ...spelling(label.text, there, `there is ${shown(there)}`),
    }),
  ];
}

const shown = (labels: ReadonlySet<string>): string =>
  [...labels]
    .filter((label) => !label.startsWith('__'))
    .sort()
    .join(', ');

type Stored = KnownMetrics['stored'];
type There = { stored: Stored; values: Values };
/** `mayBeBroken`: a spec of the kind has errors of its own, and what it declares is not known. */
type Values = Record<string, { what: string; names: ReadonlySet<string>; mayBeBroken: boolean }>;

/** Labels whose values are names that specs declare. */
function knownValues({ models, views, resolved, brokenKinds }: ResolvedGraph): Values {
  const features = [...views.values()].flatMap(({ value }) => Object.keys(value.features));
  const named = (what: string, names: Iterable<string>, ...kinds: Kind[]) => ({
    what,
    names: new Set(names),
    mayBeBroken: kinds.some((kind) => brokenKinds.has(kind)),
  });
  return {
    model: named('model', models.keys(), 'Model'),
    view: named('feature view', views.keys(), 'FeatureView'),
    feature: named('feature', features, 'FeatureView'),
    pipeline: named('pipeline', resolved.keys(), 'Pipeline', 'Model'),
  };
}

function ofValue({ label, operator, value }: Matcher, values: Values, at: StatedExpression['at']): Finding[] {
  const known = Object.hasOwn(values, label.text) ? values[label.text] : undefined;
  if (!known || value.text === '' || known.mayBeBroken) return [];
  const isRegex = operator.endsWith('~');
  const matches = isRegex ? fullMatch(value.text) : (name: string) => name === value.text;
  if (matches === null || [...known.names].some(matches)) return [];
  const names = [...known.names].sort();
  const there = names.length === 0 ? `there is no ${known.what}` : `there is ${names.slice(0, 8).join(', ')}`;
  return [
    finding(
      'OBS014',
      at(value),
      isRegex ? `No ${known.what} matches '${value.text}'.` : `There is no ${known.what} '${value.text}'.`,
      isRegex ? { help: there } : spelling(value.text, names, there),
    ),
  ];
}

const lostBuckets = ({ read, at }: StatedExpression): Finding[] =>
  read.withoutBuckets.map((name) =>
    finding('OBS016', at(name), 'The buckets are lost here: their label `le` is not kept.', {
      help: 'keep it: `by (le, …)`',
    }),
  );

/** Null where there is none: then the buckets may be lost, which is the same slip with another label. */
function lostLabels({ spec, path, alert, read: { labels } }: StatedExpression): Finding[] | null {
  if (labels === null || alert === null) return null;
  const named = [...alert.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label);
  const lost = [...new Set(named)].filter((label) => !labels.has(label));
  if (lost.length === 0) return null;
  const kept = [...labels].sort();
  const names = lost.map((label) => `'${label}'`).join(' and ');
  const has = kept.length === 0 ? 'none' : kept.join(', ');
  return [
    finding(
      'OBS004',
      valueAt(spec, ...path.slice(0, -1), 'summary'),
      `The summary uses the label ${names}, which the expression does not keep: it has ${has}.`,
      {
        help: `keep it: \`by (${[...kept, ...lost].join(', ')})\``,
        related: [{ message: 'the expression is here', at: valueAt(spec, ...path) }],
      },
    ),
  ];
}
