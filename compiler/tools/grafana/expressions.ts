/** Every PromQL expression of a dashboard, ready to be run: for tests on a real Prometheus. */
interface Query {
  expr?: string;
}

interface Dashboard {
  panels: { targets?: Query[] }[];
  annotations: { list: Query[] };
}

/** Grafana's own variables get values as of a picture of six hours. */
const VARIABLES: Record<string, string> = { $__rate_interval: '1m', $__interval: '15s', $__range: '6h' };

export function expressionsOf(dashboard: string): string[] {
  const { panels, annotations } = JSON.parse(dashboard) as Dashboard;
  const found = [...panels.flatMap(({ targets }) => targets ?? []), ...annotations.list].flatMap(({ expr }) =>
    expr ? [expr] : [],
  );
  return found.map((expr) => expr.replaceAll(/\$__\w+/g, (variable) => VARIABLES[variable] ?? variable));
}
