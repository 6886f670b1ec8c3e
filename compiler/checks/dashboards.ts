import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { type Declared, keyAt, valueAt } from '../link/declared.ts';
import { dashboardUid } from '../link/derived-names.ts';
import type { Graph } from '../link/graph.ts';
import type { Path } from '../source/locate.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  OBS007: {
    severity: 'error',
    title: 'Two dashboards with the same title or address',
    why: 'Grafana stops updating both.',
    example: 'dashboards: {a: {title: Desk}, b: {title: Desk}}',
    fix: 'Choose another title or `uid`.',
  },
  OBS009: {
    severity: 'warning',
    title: 'Unit or runbook missing',
    why: 'A number without a unit is easily misread; an alert without a runbook leaves people guessing.',
    example: 'panels: [{title: Lag, expr: lag}]',
    fix: 'Add `unit:` or `runbook:`.',
  },
});

/** Grafana accepts the teams' dashboards, and people can read them and act on alerts. */
export const dashboards: Check = {
  codes,
  run: (graph) => [
    ...[...graph.monitorings.values()].flatMap((spec) => [...alerts(spec), ...panels(spec)]),
    ...dashboardNames(graph),
  ],
};

type Monitoring = Declared<'Monitoring'>;

function alerts(spec: Monitoring): Finding[] {
  return Object.entries(spec.value.alerts ?? {}).flatMap(([name, { runbook }]) =>
    runbook === undefined
      ? [
          finding(
            'OBS009',
            keyAt(spec, 'alerts', name),
            `Alert ${name} has no runbook: whoever receives it does not know what to do.`,
            { help: 'add `runbook:` with the address of a page' },
          ),
        ]
      : [],
  );
}

function panels(spec: Monitoring): Finding[] {
  return Object.entries(spec.value.dashboards ?? {}).flatMap(([name, dashboard]) =>
    dashboard.panels.flatMap(({ title, unit }, index) =>
      unit === undefined
        ? [
            finding('OBS009', keyAt(spec, 'dashboards', name, 'panels', index), `Panel '${title}' has no unit.`, {
              help: 'add `unit:`, such as s, reqps, percentunit or short',
            }),
          ]
        : [],
    ),
  );
}

/** A title is unique in its folder, an address everywhere; otherwise Grafana stops updating all of them. */
function dashboardNames(graph: Graph): Finding[] {
  const seen = new Map<string, Place>();
  const findings: Finding[] = [];
  const take = (key: string, at: Place, message: string) => {
    const other = seen.get(key);
    if (other)
      findings.push(
        finding('OBS007', at, message, {
          help: 'choose another one',
          related: [{ message: 'the other dashboard has it here', at: other }],
        }),
      );
    else seen.set(key, at);
  };
  for (const spec of graph.monitorings.values())
    for (const [name, { title, uid }] of Object.entries(spec.value.dashboards ?? {})) {
      const at: Path = ['dashboards', name];
      if (uid?.startsWith('mlops-'))
        findings.push(
          finding(
            'OBS007',
            valueAt(spec, ...at, 'uid'),
            `Addresses such as '${uid}' belong to the platform's own pages.`,
            {
              help: "choose one that does not start with 'mlops-'",
            },
          ),
        );
      const address = dashboardUid(name, uid);
      take(
        `uid ${address}`,
        uid === undefined ? keyAt(spec, ...at) : valueAt(spec, ...at, 'uid'),
        `Two dashboards have the address '${address}'.`,
      );
      if (graph.inventory.titles.some((own) => own.test(title)))
        findings.push(
          finding(
            'OBS007',
            valueAt(spec, ...at, 'title'),
            `The title '${title}' may clash with a page of the platform in the same folder.`,
            {
              help: "choose a title that does not start like those of the platform's pages",
            },
          ),
        );
      take(
        `title ${title.toLowerCase()}`,
        valueAt(spec, ...at, 'title'),
        `Two dashboards in one folder are called '${title}'.`,
      );
    }
  return findings;
}
