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
  OBS005: {
    severity: 'error',
    title: 'A window of too few samples',
    why: 'With fewer than four samples a missing one makes the rate vanish, and the alert with it.',
    example: 'rate(mlops_serving_requests_total[30s])',
    fix: 'Make the window at least four times as long as the interval of scraping.',
  },
  OBS011: {
    severity: 'error',
    title: 'PromQL that Prometheus refuses',
    why: 'Prometheus would refuse the whole file of rules.',
    example: 'expr: rate(mlops_serving_requests_total) > 1',
    fix: 'Close brackets and quotes, and give each function what it takes.',
  },
});

/** The expressions that teams write for Prometheus work there. */
export const metricExpressions: Check = {
  codes,
  run: (graph) => expressionsOf(graph).flatMap((each) => expression(graph, each)),
};

/** Of Prometheus itself, its exporters and the libraries in what it scrapes. */
const OTHERS =
  /^(up$|ALERTS|scrape_|node_|go_|process_|python_|prometheus_|alertmanager_|promhttp_|net_conntrack_|model:mlops_serving_(errors|slow):)/;

function expression(graph: Graph, { read, alert, at }: StatedExpression): Finding[] {
  if (read.error !== null)
    return [
      finding('OBS011', at({ from: read.error, to: read.error + 1 }), 'This PromQL cannot be read.', {
        help: 'close brackets and quotes, and look at the operators',
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

/** promtool takes these, and Prometheus fails each time that it evaluates them. */
function notSeries({ type, length }: Expression, isAlert: boolean, at: At): Finding[] {
  if (type !== 'range vector' && type !== 'string') return [];
  const what = isAlert ? 'An alert is about' : 'A panel shows';
  return [
    finding('OBS011', at({ from: 0, to: length }), `${what} an instant vector, and this is ${AN[type]}.`, {
      help: type === 'range vector' ? 'put a function such as rate() or max_over_time() around it' : 'name a metric',
    }),
  ];
}

const tooShort = ({ seconds, from, to }: Range, at: At): Finding =>
  finding(
    'OBS005',
    at({ from, to }),
    `A window of ${seconds} s holds fewer than four of the samples that Prometheus takes every ${SCRAPE_SECONDS} s.`,
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
          at({ from, to }),
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

function unknownMetric(graph: Graph, name: string, at: Place): Finding {
  const { stored, families } = metricsOf(graph);
  return finding('OBS001', at, `Nothing emits the metric '${name}'.`, {
    ...spelling(name, [...stored.keys(), ...families], '`runtime/mlops_runtime/metrics.json` lists what there is'),
  });
}
