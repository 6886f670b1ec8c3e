import type { Graph } from '../link/graph.ts';
import { folderOf, lines, said, schemaLine, yaml } from './text.ts';
import type { Proposal, Wanted } from './wanted.ts';

const ERRORS = 'sum by (model) (rate(mlops_serving_requests_total{status=~"5.."}[5m])) > 0.1';

/** An alert with its test, and a dashboard; the dashboard alone where no model answers yet. */
export function monitoring(wanted: Wanted, graph: Graph): Proposal {
  const { name } = wanted;
  const path = `${folderOf('monitoring', wanted)}/${name}.yaml`;
  const head = [
    schemaLine(path, 'monitoring', graph),
    'kind: Monitoring',
    `description: What the team looks at, as ${said(name)}.`,
  ];
  const [model] = [...graph.models.values()].filter(({ value }) => value.serving?.online).map((each) => each.name);
  const alerts = [
    'alerts:',
    `  ${yaml(name)}:`,
    `    expr: '${ERRORS}'`,
    '    for: 5m',
    '    severity: ticket',
    '    summary: "{{ $labels.model }} fails more than once in ten seconds"',
    `    runbook: https://wiki.example.com/${name} # what to do then: write it, and put its address here`,
    '    tests:',
    '      - name: one request in three fails',
    '        series:',
    `          'mlops_serving_requests_total{model="${model}",status="500"}': 0+20x60`,
    `          'mlops_serving_requests_total{model="${model}",status="200"}': 0+40x60`,
    '        fires: [30m]',
    '      - name: all is well',
    '        series:',
    `          'mlops_serving_requests_total{model="${model}",status="200"}': 0+60x60`,
    '        silent: [30m]',
  ];
  const dashboards = [
    'dashboards:',
    `  ${yaml(name)}:`,
    `    title: ${titled(name)}`,
    '    panels:',
    '      - title: Answers',
    '        unit: reqps',
    '        expr: sum by (model, status) (rate(mlops_serving_requests_total[5m]))',
  ];
  return {
    candidates: [[...alerts, ...dashboards], dashboards].map((body) => new Map([[path, lines(...head, ...body)]])),
  };
}

const titled = (name: string): string => `Team ${said(name)}`;
