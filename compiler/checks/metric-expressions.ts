import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { spelling } from '../diagnostics/nearest.ts';
import { SCRAPE_SECONDS } from '../ir/metrics.ts';
import { expressionsOf, type StatedExpression } from '../link/expressions.ts';
import type { Graph } from '../link/graph.ts';
import { metricsOf } from '../link/promql/metrics.ts';
import type { Expression, Range, Selector } from '../link/promql/read.ts';
import { AN } from '../link/promql/types.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  OBS001: {
    severity: 'error',
    title: 'Nothing emits the metric',
    why: 'The panel stays empty, and the alert never fires.',
    example: 'expr: mlops_serving_request_total > 1',
    fix: 'Correct the name.',
  },
  OBS002: {
    severity: 'error',
    title: 'A counter used as a gauge, or the reverse',
    why: 'The rate of a gauge means nothing; a bare counter eventually exceeds any limit, and stays above it.',
    example: 'expr: rate(mlops_stream_lag_records[5m]) > 1',
    fix: 'Use `rate()` for counters, and only for counters.',
  },
  OBS005: {
    severity: 'error',
    title: 'A range with too few samples',
    why: 'With fewer than four samples, one missed scrape makes the rate and its alert disappear.',
    example: 'rate(mlops_serving_requests_total[30s])',
    fix: 'Make the range at least four scrape intervals long.',
  },
  OBS011: {
    severity: 'error',
    title: 'PromQL that Prometheus refuses',
    why: 'Prometheus refuses the whole rule file.',
    example: 'expr: rate(mlops_serving_requests_total) > 1',
    fix: 'Close brackets and quotes, and give each function what it takes.',
  },
});

/** The expressions that teams write for Prometheus work there. */
export const metricExpressions: Check = {
  codes,
  run: (graph) => expressionsOf(graph).flatMap((each) => expression(graph, each)),
};

/** Metrics of Prometheus itself, its exporters, and the client libraries in what it scrapes. */
const OTHERS = new RegExp(
  '^(up$|ALERTS|(scrape|node|go|process|python|prometheus|alertmanager|promhttp|net_conntrack)_' +
    '|model:mlops_serving_(errors|slow|ready):|mountpoint:node_filesystem_)',
);

function expression(graph: Graph, { read, alert, at }: StatedExpression): Finding[] {
  if (read.error !== null)
    return [
      finding('OBS011', at({ from: read.error, to: read.error + 1 }), 'This PromQL cannot be read.', {
        help: 'check brackets, quotes and operators',
      }),
    ];
  return [
    ...read.problems.map(({ from, to, message, help }) =>
      finding('OBS011', at({ from, to }), message, help ? { help } : {}),
    ),
    ...notSeries(read, alert !== null, at),
    ...read.selectors.flatMap((each) => metric(graph, each, at)),
    ...read.ranges.filter(({ seconds }) => seconds < SHORTEST_RANGE).map((range) => tooShort(range, at)),
  ];
}

/** promtool accepts these, but Prometheus fails each time it evaluates them. */
function notSeries({ type, length }: Expression, isAlert: boolean, at: At): Finding[] {
  if (type !== 'range vector' && type !== 'string') return [];
  const what = isAlert ? 'An alert' : 'A panel';
  return [
    finding('OBS011', at({ from: 0, to: length }), `${what} needs an instant vector, but this is ${AN[type]}.`, {
      help: type === 'range vector' ? 'wrap it in a function such as rate() or max_over_time()' : 'use a metric',
    }),
  ];
}

const tooShort = ({ seconds, from, to }: Range, at: At): Finding =>
  finding(
    'OBS005',
    at({ from, to }),
    `A range of ${seconds} s holds fewer than four samples: Prometheus scrapes every ${SCRAPE_SECONDS} s.`,
    {
      help: `make it at least ${SHORTEST_RANGE} s`,
      fix: { title: 'write [1m]', safe: true, edits: [{ from: null, to: '[1m]' }] },
    },
  );

type At = StatedExpression['at'];

const SHORTEST_RANGE = 4 * SCRAPE_SECONDS;

const RATES = /^(rate|irate|increase|resets)$/;

function metric(graph: Graph, { metric: name, from, to, functions, isCompared }: Selector, at: At): Finding[] {
  const type = metricsOf(graph).stored.get(name)?.type;
  if (type === undefined) return unknown(graph, name) ? [unknownMetric(graph, name, at({ from, to }))] : [];
  const rate = functions.find((each) => RATES.test(each.name));
  if (rate && type === 'gauge')
    return [
      finding(
        'OBS002',
        at({ from: rate.from, to: rate.from + rate.name.length }),
        `${rate.name}() is for counters, but ${name} is a gauge, which goes up and down.`,
        {
          help: `use \`delta\`, \`deriv\` or \`avg_over_time\`, or ${name} as it is`,
        },
      ),
    ];
  return isCompared && type === 'counter'
    ? [
        finding(
          'OBS002',
          at({ from, to }),
          `${name} is a counter, which only grows: it eventually exceeds any limit, and stays above it.`,
          {
            help: `compare its rate: \`rate(${name}[5m])\``,
          },
        ),
      ]
    : [];
}

/** Where a team's own container has metrics, a name unlike ours may be one of them. */
function unknown(graph: Graph, name: string): boolean {
  if (OTHERS.test(name)) return false;
  const hasOwn = Object.values(graph.platform.value.environments).some(({ services }) =>
    Object.values(services ?? {}).some(({ metrics }) => metrics !== undefined),
  );
  return !hasOwn || name.startsWith('mlops_');
}

function unknownMetric(graph: Graph, name: string, at: Place): Finding {
  const { stored, families } = metricsOf(graph);
  return finding('OBS001', at, `Nothing emits the metric '${name}'.`, {
    ...spelling(name, [...stored.keys(), ...families], '`runtime/mlops_runtime/metrics.json` lists what there is'),
  });
}
