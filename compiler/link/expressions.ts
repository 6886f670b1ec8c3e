/** Every expression that teams write for Prometheus, read once; the series of their tests are some, too. */

import type { Place } from '../diagnostics/diagnostic.ts';
import type { Path } from '../source/locate.ts';
import { type Declared, keyAt, partAt } from './declared.ts';
import type { Graph } from './graph.ts';
import type { LabelsOfMetric } from './promql/labels.ts';
import { metricsOf } from './promql/metrics.ts';
import { type Expression, readExpression } from './promql/read.ts';

export interface StatedExpression {
  spec: Declared<'Monitoring'>;
  path: Path;
  /** The alert that it is for, with its templates by their keys; null for a panel. */
  alert: { name: string; annotations: Record<string, string> } | null;
  read: Expression;
  /** A part of it, by offsets from 0. */
  at(part: { from: number; to: number }): Place;
}

const known = new WeakMap<Graph, StatedExpression[]>();

/** Those that Prometheus takes: what is wrong with the others is one finding, not several. */
export const soundExpressionsOf = (graph: Graph): readonly StatedExpression[] =>
  expressionsOf(graph).filter(
    ({ read }) =>
      read.error === null && read.problems.length === 0 && (read.type === 'instant vector' || read.type === 'scalar'),
  );

export function expressionsOf(graph: Graph): readonly StatedExpression[] {
  const found = known.get(graph) ?? inSpecs(graph);
  known.set(graph, found);
  return found;
}

/** A key has no parts, as a value has. */
const inTest = (one: StatedExpression): StatedExpression => ({ ...one, at: () => keyAt(one.spec, ...one.path) });

function inSpecs(graph: Graph): StatedExpression[] {
  const { stored } = metricsOf(graph);
  const ofMetric: LabelsOfMetric = (metric) => stored.get(metric)?.labels ?? null;
  return [...graph.monitorings.values()].flatMap((spec) => inSpec(spec, ofMetric));
}

function inSpec(spec: Declared<'Monitoring'>, ofMetric: LabelsOfMetric): StatedExpression[] {
  const { alerts, dashboards } = spec.value;
  const stated = (path: Path, text: string, alert: StatedExpression['alert']): StatedExpression => ({
    spec,
    path,
    alert,
    read: readExpression(text, { forGrafana: alert === null, ofMetric }),
    at: ({ from, to }) => partAt(spec, path, from, to),
  });
  return [
    ...Object.entries(alerts ?? {}).flatMap(([name, { expr, summary, runbook, tests = [] }]) => {
      const annotations = { summary, ...(runbook === undefined ? {} : { runbook }) };
      return [
        stated(['alerts', name, 'expr'], expr, { name, annotations }),
        ...tests.flatMap(({ series }, index) =>
          Object.keys(series).map((each) =>
            inTest(stated(['alerts', name, 'tests', index, 'series', each], each, null)),
          ),
        ),
      ];
    }),
    ...Object.entries(dashboards ?? {}).flatMap(([name, { panels }]) =>
      panels.map(({ expr }, index) => stated(['dashboards', name, 'panels', index, 'expr'], expr, null)),
    ),
  ];
}
