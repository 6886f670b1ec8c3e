import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { spelling } from '../diagnostics/nearest.ts';
import { partAt, valueAt } from '../link/declared.ts';
import { type StatedExpression, soundExpressionsOf } from '../link/expressions.ts';
import { fullMatch } from '../link/promql/literals.ts';
import { type KnownMetrics, metricsOf } from '../link/promql/metrics.ts';
import type { Grouping, Matcher, Selector } from '../link/promql/read.ts';
import { labelsNamedIn } from '../link/promql/template-labels.ts';
import { type Known, type KnownValues, knownValues } from '../resolve/label-values.ts';
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

/** Labels in expressions and templates exist, and so do their values where the specs know them. */
export const metricLabels: Check = {
  codes,
  run: (graph) => {
    const there: There = { stored: metricsOf(graph).stored, values: knownValues(graph) };
    return soundExpressionsOf(graph).flatMap((each) => {
      const lost = lostLabels(each);
      return [
        ...each.read.selectors.flatMap((selector) => ofSelector(selector, there, each)),
        ...each.read.groupings.flatMap((grouping) => ofGrouping(grouping, there, each)),
        // Labels that are lost and buckets that are lost are one slip.
        ...(lost.length > 0 ? lost : lostBuckets(each)),
      ];
    });
  },
};

interface There {
  stored: KnownMetrics['stored'];
  values: KnownValues;
}

function ofSelector({ metric, matchers }: Selector, { stored, values }: There, { at }: StatedExpression): Finding[] {
  const known = stored.get(metric);
  if (!known) return [];
  return matchers.flatMap((matcher) =>
    known.labels.has(matcher.label.text)
      ? ofValue(matcher, values(matcher.label.text, known.job), at)
      : [
          finding('OBS013', at(matcher.label), `${metric} has no label '${matcher.label.text}'.`, {
            ...spelling(matcher.label.text, known.labels, `it has ${shown(known.labels)}`),
          }),
        ],
  );
}

/** Of several sides the first that lacks it. */
function ofGrouping({ label, sides }: Grouping, { stored }: There, { at }: StatedExpression): Finding[] {
  const side = sides.find(({ labels }) => labels !== null && !labels.has(label.text));
  if (!side?.labels) return [];
  const { metrics, labels } = side;
  const names = metrics.length === 0 ? 'A number' : metrics.join(' and ');
  if (metrics.some((metric) => stored.get(metric)?.labels.has(label.text)))
    return [
      finding('OBS013', at(label), `The label '${label.text}' of ${names} is lost before it is named here.`, {
        help: labels.size === 0 ? 'no label is left here' : `what is left here has ${shown(labels)}`,
      }),
    ];
  return [
    finding('OBS013', at(label), `${names} ${metrics.length > 1 ? 'have' : 'has'} no label '${label.text}'.`, {
      ...spelling(label.text, labels, labels.size === 0 ? 'there is none here' : `there is ${shown(labels)}`),
    }),
  ];
}

const shown = (labels: ReadonlySet<string>): string =>
  [...labels]
    .filter((label) => !label.startsWith('__'))
    .sort()
    .join(', ');

function ofValue({ operator, value }: Matcher, known: Known | null, at: StatedExpression['at']): Finding[] {
  if (!known || value.text === '') return [];
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

/** Labels that the alert's texts name and its expression does not have. */
function lostLabels({ spec, path, alert, read: { labels } }: StatedExpression): Finding[] {
  if (labels === null || alert === null) return [];
  return Object.entries(alert.annotations).flatMap(([key, text]) => {
    const lost = labelsNamedIn(text).filter(({ label }) => !labels.has(label));
    const [first] = lost;
    if (!first) return [];
    const kept = [...labels].filter((label) => !label.startsWith('__')).sort();
    const names = [...new Set(lost.map(({ label }) => label))];
    const has = kept.length === 0 ? 'none' : kept.join(', ');
    const meant = spelling(first.label, kept, '');
    const at = [...path.slice(0, -1), key];
    return [
      finding(
        'OBS004',
        meant.fix ? partAt(spec, at, first.from, first.to) : valueAt(spec, ...at),
        `The ${key} uses the label ${names.map((name) => `'${name}'`).join(' and ')}, ` +
          `which the expression does not have: it has ${has}.`,
        {
          ...(meant.fix ? meant : { help: `keep it: \`by (${[...kept, ...names].join(', ')})\`` }),
          related: [{ message: 'the expression is here', at: valueAt(spec, ...path) }],
        },
      ),
    ];
  });
}
