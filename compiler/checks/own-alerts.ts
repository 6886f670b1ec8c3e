import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { spelling } from '../diagnostics/nearest.ts';
import { partAt, valueAt } from '../link/declared.ts';
import { expressionsOf, type StatedExpression, soundExpressionsOf } from '../link/expressions.ts';
import { type KnownMetrics, metricsOf } from '../link/promql/metrics.ts';
import { templateFunctions, templateProblem } from '../link/promql/template.ts';
import type { Path } from '../source/locate.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  OBS012: {
    severity: 'error',
    title: 'A template that Prometheus refuses',
    why: 'A summary is a template: with a mistake in it, Prometheus refuses the whole rule file.',
    example: 'summary: "{{ humanise $value }} wait"',
    fix: 'Use the variables and functions of Prometheus, and close what you open.',
  },
  OBS015: {
    severity: 'warning',
    title: 'An alert without a condition',
    why: 'Nothing is compared, so it fires for every series, all the time.',
    example: 'expr: sum by (view) (mlops_stream_lag_records)',
    fix: 'Compare it with a limit.',
  },
});

/** Summaries of teams' alerts are templates that Prometheus accepts, and alerts do not fire all the time. */
export const ownAlerts: Check = {
  codes,
  run: (graph) => [
    ...expressionsOf(graph).flatMap(ofTemplates),
    ...soundExpressionsOf(graph).flatMap((each) => ofCondition(each, metricsOf(graph))),
  ],
};

function ofTemplates({ spec, path, alert }: StatedExpression): Finding[] {
  return Object.entries(alert?.annotations ?? {}).flatMap(([key, text]) =>
    ofTemplate(spec, [...path.slice(0, -1), key], text),
  );
}

function ofTemplate(spec: StatedExpression['spec'], path: Path, text: string): Finding[] {
  const problem = templateProblem(text);
  if (!problem) return [];
  const { from, to, message, help } = problem;
  const name = /function '(.*)'/.exec(message)?.[1];
  const details = name !== undefined && !help ? spelling(name, templateFunctions) : help ? { help } : {};
  return [finding('OBS012', partAt(spec, path, from, to), message, details)];
}

/** Only for metrics that always exist: others may come and go, and that is a condition, too. */
function ofCondition({ spec, path, alert, read }: StatedExpression, { stored }: KnownMetrics): Finding[] {
  const isOurs = read.selectors.length > 0 && read.selectors.every(({ metric }) => stored.has(metric));
  if (!alert || !read.isConstant || !isOurs) return [];
  return [
    finding('OBS015', valueAt(spec, ...path), `Alert ${alert.name} compares nothing, so it fires all the time.`, {
      help: 'compare it with a limit, as in `> 100`',
    }),
  ];
}
