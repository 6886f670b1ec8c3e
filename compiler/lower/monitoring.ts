import { address } from '../ir/address.ts';
import type { LogIndex, OwnAlert, OwnDashboard } from '../ir/types.ts';
import type { Declared } from '../link/declared.ts';
import { dashboardUid } from '../link/derived-names.ts';
import { type Graph, ownerOf } from '../link/graph.ts';
import { originOf } from '../resolve/origins.ts';
import { sortedEntries } from '../resolve/sorted.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import { seconds } from '../spec-schema/units.ts';

/** Teams' own alerts, dashboards and log indices. */
export function lowerMonitoring(graph: Graph): {
  alerts: OwnAlert[];
  dashboards: OwnDashboard[];
  logIndices: LogIndex[];
} {
  const all = sortedEntries(Object.fromEntries(graph.monitorings)).map(([, each]) => each);
  return {
    alerts: all.flatMap((each) => alertsOf(each, graph)),
    dashboards: all.flatMap(dashboardsOf),
    logIndices: all.flatMap((each) =>
      sortedEntries(each.value.log_indices).map(([name, { pattern, priority }]) => ({
        address: address.logIndex(each.name, name),
        name,
        pattern,
        priority: priority ?? defaults.Monitoring.log_indices.priority,
        origin: originOf(each, 'log_indices', name),
      })),
    ),
  };
}

const alertsOf = (each: Declared<'Monitoring'>, graph: Graph): OwnAlert[] =>
  sortedEntries(each.value.alerts).map(([name, alert]) => ({
    address: address.alert(each.name, name),
    name,
    owner: ownerOf(each, graph),
    expr: alert.expr,
    forSeconds: alert.for === undefined ? 0 : seconds(alert.for),
    severity: alert.severity ?? defaults.Monitoring.alerts.severity,
    summary: alert.summary,
    runbook: alert.runbook ?? null,
    tests: (alert.tests ?? []).flatMap(({ name: stated = null, series, fires = [], silent = [] }) =>
      [fires, silent].flatMap((moments, index) =>
        moments.map((moment) => ({ name: stated, series, afterSeconds: seconds(moment), fires: index === 0 })),
      ),
    ),
    origin: originOf(each, 'alerts', name),
  }));

const dashboardsOf = (each: Declared<'Monitoring'>): OwnDashboard[] =>
  sortedEntries(each.value.dashboards).map(([name, { title, uid, panels }]) => ({
    address: address.dashboard(each.name, name),
    name,
    uid: dashboardUid(name, uid),
    title,
    description: each.value.description ?? '',
    panels: panels.map(({ title, expr, unit }) => ({
      title,
      expr,
      unit: unit ?? defaults.Monitoring.dashboards.panels.unit,
    })),
    origin: originOf(each, 'dashboards', name),
  }));
