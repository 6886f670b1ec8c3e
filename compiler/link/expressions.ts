/** Every expression that teams write for Prometheus, read once. */

import type { Place } from '../diagnostics/diagnostic.ts';
import type { Path } from '../source/locate.ts';
import { type Declared, partAt } from './declared.ts';
import type { Graph } from './graph.ts';
import { type Expression, readExpression } from './promql/read.ts';

export interface StatedExpression {
  spec: Declared<'Monitoring'>;
  path: Path;
  /** The alert that it is for; null for a panel. */
  alert: { name: string; summary: string } | null;
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
  const found = known.get(graph) ?? [...graph.monitorings.values()].flatMap(inSpec);
  known.set(graph, found);
  return found;
}

function inSpec(spec: Declared<'Monitoring'>): StatedExpression[] {
  const { alerts, dashboards } = spec.value;
  return [
    ...Object.entries(alerts ?? {}).map(([name, { expr, summary }]) =>
      stated(spec, ['alerts', name, 'expr'], expr, { name, summary }),
    ),
    ...Object.entries(dashboards ?? {}).flatMap(([name, { panels }]) =>
      panels.map(({ expr }, index) => stated(spec, ['dashboards', name, 'panels', index, 'expr'], expr, null)),
    ),
  ];
}

function stated(
  spec: Declared<'Monitoring'>,
  path: Path,
  text: string,
  alert: StatedExpression['alert'],
): StatedExpression {
  return {
    spec,
    path,
    alert,
    read: readExpression(text, { forGrafana: alert === null }),
    at: ({ from, to }) => partAt(spec, path, from, to),
  };
}
