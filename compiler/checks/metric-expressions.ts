import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { spelling } from '../diagnostics/nearest.ts';
import { type MetricFamily, monitor, serving, stream } from '../ir/metrics.ts';
import { SCRAPE_SECONDS } from '../ir/parts.ts';
import { type Declared, partAt, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { type Expression, readExpression, type Selector } from '../link/promql.ts';
import type { Path } from '../source/locate.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  OBS001: {
    severity: 'error',
    title: 'Nothing emits the metric',
    why: 'The panel stays empty, and the alert silent.',
    example: 'expr: mlops_serving_request_total > 1',
    fix: 'Correct the name.',
  },
  OBS002: {
    severity: 'error',
    title: 'A counter or a gauge in the wrong place',
    why: 'The rate of a gauge means nothing; a bare counter exceeds any limit one day, and for ever.',
    example: 'expr: rate(mlops_stream_lag_records[5m]) > 1',
    fix: 'Use `rate()` for counters, and only for these.',
  },
  OBS004: {
    severity: 'error',
    title: 'The expression drops a label that the alert names',
    why: 'Whoever gets the alert is not told what it is about.',
    example: 'expr: sum(x) > 1 with summary: "{{ $labels.model }}"',
    fix: 'Aggregate `by` that label.',
  },
  OBS005: {
    severity: 'error',
    title: 'A window of too few samples',
    why: 'With fewer than four samples a missing one makes the rate vanish, and the alert with it.',
    example: 'rate(mlops_serving_requests_total[30s])',
    fix: 'Make the window at least four times as long as the interval of scraping.',
  },
  OBS011: {
    severity: 'error',
    title: 'PromQL that cannot be read',
    why: 'Prometheus would refuse the whole file of rules.',
    example: 'expr: sum(rate(x[5m])',
    fix: 'Close brackets and quotes.',
  },
});

/** The expressions that teams write for Prometheus work there. */
export const metricExpressions: Check = {
  codes,
  run: (graph) =>
    [...graph.monitorings.values()].flatMap((spec) => [
      ...Object.entries(spec.value.alerts ?? {}).flatMap(([name, { expr, summary }]) =>
        expression(graph, spec, ['alerts', name, 'expr'], expr, summary),
      ),
      ...Object.entries(spec.value.dashboards ?? {}).flatMap(([name, { panels }]) =>
        panels.flatMap(({ expr }, index) =>
          expression(graph, spec, ['dashboards', name, 'panels', index, 'expr'], expr, null),
        ),
      ),
    ]),
};

type Monitoring = Declared<'Monitoring'>;

const families = new Map<string, MetricFamily>(
  [serving, stream, monitor]
    .flatMap((group) => Object.values(group))
    .map((family: MetricFamily) => [family.name, family]),
);
/** What a histogram is called when it is stored. */
const stored = new Map<string, MetricFamily['type']>(
  [...families.values()].flatMap(({ name, type }): [string, MetricFamily['type']][] =>
    type === 'histogram'
      ? ['_bucket', '_sum', '_count'].map((ending) => [`${name}${ending}`, 'counter'])
      : [[name, type]],
  ),
);

/** Of Prometheus itself, its exporters and the libraries in what it scrapes. */
const OTHERS =
  /^(up$|ALERTS|scrape_|node_|go_|process_|python_|prometheus_|alertmanager_|promhttp_|net_conntrack_|model:mlops_serving_(errors|slow):)/;

function expression(graph: Graph, spec: Monitoring, path: Path, text: string, summary: string | null): Finding[] {
  const read = readExpression(text);
  const at = (from: number, to: number): Place => partAt(spec, path, from, to);
  if (read.error !== null)
    return [
      finding('OBS011', at(read.error, read.error + 1), 'This PromQL cannot be read.', {
        help: 'close brackets and quotes, and look at the operators',
      }),
    ];
  return [
    ...read.selectors.flatMap((each) => metric(graph, each, at)),
    ...read.ranges
      .filter(({ seconds }) => seconds < SHORTEST_RANGE)
      .map(({ seconds, from, to }) =>
        finding(
          'OBS005',
          at(from, to),
          `A window of ${seconds} s holds fewer than four of the samples that Prometheus takes every ${SCRAPE_SECONDS} s.`,
          {
            help: `make it at least ${SHORTEST_RANGE} s`,
            fix: { title: 'write [1m]', safe: true, edits: [{ from: null, to: '[1m]' }] },
          },
        ),
      ),
    ...(summary === null ? [] : lostLabels(spec, path, read, summary)),
  ];
}

const SHORTEST_RANGE = 4 * SCRAPE_SECONDS;

const RATES = /^(rate|irate|increase|resets)$/;

function metric(
  graph: Graph,
  { metric: name, from, to, functions, isCompared }: Selector,
  at: (from: number, to: number) => Place,
): Finding[] {
  const type = stored.get(name);
  if (type === undefined) return unknown(graph, name) ? [unknownMetric(name, at(from, to))] : [];
  const rate = functions.find((each) => RATES.test(each.name));
  if (rate && type === 'gauge')
    return [
      finding(
        'OBS002',
        at(rate.from, rate.from + rate.name.length),
        `${rate.name}() is for counters, and ${name} is a gauge: it goes up and down.`,
        {
          help: `use \`delta\`, \`deriv\` or \`avg_over_time\`, or ${name} as it is`,
        },
      ),
    ];
  return isCompared && type === 'counter'
    ? [
        finding(
          'OBS002',
          at(from, to),
          `${name} is a counter: it only grows, so a limit is exceeded one day and for ever.`,
          {
            help: `compare its rate: \`rate(${name}[5m])\``,
          },
        ),
      ]
    : [];
}

/** Where a team's own container has metrics, a name that is nothing like ours may be one of them. */
function unknown(graph: Graph, name: string): boolean {
  if (OTHERS.test(name)) return false;
  const hasOwn = Object.values(graph.platform.value.environments).some(({ services }) =>
    Object.values(services ?? {}).some(({ metrics }) => metrics !== undefined),
  );
  return !hasOwn || name.startsWith('mlops_');
}

const unknownMetric = (name: string, at: Place): Finding =>
  finding('OBS001', at, `Nothing emits the metric '${name}'.`, {
    ...spelling(
      name,
      [...stored.keys(), ...families.keys()],
      '`runtime/mlops_runtime/metrics.json` lists what there is',
    ),
  });

function lostLabels(spec: Monitoring, path: Path, { labels }: Expression, summary: string): Finding[] {
  if (labels === null) return [];
  const lost = [...new Set([...summary.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label))].filter(
    (label) => !labels.has(label),
  );
  if (lost.length === 0) return [];
  const kept = [...labels].sort();
  return [
    finding(
      'OBS004',
      valueAt(spec, ...path.slice(0, -1), 'summary'),
      `The summary names the label ${lost.map((label) => `'${label}'`).join(' and ')}, which the expression does not keep: it has ${kept.length === 0 ? 'none' : kept.join(', ')}.`,
      {
        help: `keep it: \`by (${[...kept, ...lost].join(', ')})\``,
        related: [{ message: 'the expression', at: valueAt(spec, ...path) }],
      },
    ),
  ];
}
