import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { spelling } from '../diagnostics/nearest.ts';
import { partAt, valueAt } from '../link/declared.ts';
import { expressionsOf, type StatedExpression, soundExpressionsOf } from '../link/expressions.ts';
import { type KnownMetrics, metricsOf } from '../link/promql/metrics.ts';
import { templateFunctions, templateProblem } from '../link/promql/template.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  OBS012: {
    severity: 'error',
    title: 'A template that Prometheus refuses',
    why: 'A summary is a program too: with a mistake in it, Prometheus refuses the whole file of rules.',
    example: 'summary: "{{ humanise $value }} wait"',
    fix: 'Use the variables and functions of Prometheus, and close what is opened.',
  },
  OBS015: {
    severity: 'warning',
    title: 'An alert without a condition',
    why: 'Nothing in it is compared, so it fires for every series, at all times.',
    example: 'expr: sum by (view) (mlops_stream_lag_records)',
    fix: 'Compare it with a limit.',
  },
});

/** What teams' alerts say is a program that Prometheus takes, and they can be quiet. */
export const ownAlerts: Check = {
  codes,
  run: (graph) => [
    ...expressionsOf(graph).flatMap(ofTemplate),
    ...soundExpressionsOf(graph).flatMap((each) => ofCondition(each, metricsOf(graph))),
  ],
};

function ofTemplate({ spec, path, alert }: StatedExpression): Finding[] {
  const problem = alert ? templateProblem(alert.summary) : null;
  if (!problem || !alert) return [];
  const { from, to, message, help } = problem;
  const summary = [...path.slice(0, -1), 'summary'];
  const name = /function '(.*)'/.exec(message)?.[1];
  const details = name !== undefined && !help ? spelling(name, templateFunctions) : help ? { help } : {};
  return [finding('OBS012', partAt(spec, summary, from, to), message, details)];
}

/** Only of metrics that are always there: those of others may come and go, which is a condition too. */
function ofCondition({ spec, path, alert, read }: StatedExpression, { stored }: KnownMetrics): Finding[] {
  const isOurs = read.selectors.length > 0 && read.selectors.every(({ metric }) => stored.has(metric));
  if (!alert || !read.isConstant || !isOurs) return [];
  return [
    finding('OBS015', valueAt(spec, ...path), `Nothing is compared in ${alert.name}: it fires at all times.`, {
      help: 'compare it with a limit, as in `> 100`',
    }),
  ];
}
