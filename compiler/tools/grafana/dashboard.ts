import { createHash } from 'node:crypto';
import * as dashboards from '@grafana/grafana-foundation-sdk/dashboard';
import { monitor } from '../../ir/metrics.ts';
import type { Ir } from '../../ir/types.ts';
import type { Artifact } from '../../render/artifact.ts';
import { type Json, json } from '../../render/json.ts';
import { promqlSelector } from '../../render/promql.ts';
import type { Page } from '../page.ts';
import { PROMETHEUS, withRows } from './panels.ts';

const LONGEST_UID = 40;

/** The same for ever, whatever else is declared; Grafana takes at most 40 characters. */
export function uidOf(kind: string, name: string | null): string {
  const plain = name === null ? `mlops-${kind}` : `mlops-${kind}-${name}`;
  if (plain.length <= LONGEST_UID) return plain;
  return `${plain.slice(0, LONGEST_UID - 13)}-${createHash('sha256').update(plain).digest('hex').slice(0, 12)}`;
}

export function dashboardOf(page: Page, { platform }: Ir): Artifact {
  const builder = new dashboards.DashboardBuilder(page.title)
    .uid(page.uid ?? uidOf(page.kind, page.name))
    .description(page.description)
    .tags(['mlops', page.kind])
    .readonly()
    .timezone(platform.timezone)
    .time({ from: 'now-6h', to: 'now' })
    .refresh('30s')
    .tooltip(dashboards.DashboardCursorSync.Crosshair)
    .annotation(deployments());
  for (const { title, kind, name } of page.links) builder.link(linkTo(title, uidOf(kind, name)));
  withRows(builder, page.rows);
  const file = page.name === null ? page.kind : `${page.kind}_${page.name}`;
  return {
    path: `common/grafana/dashboards/${file}.json`,
    content: json(plainOf(builder.build())),
    origin: page.origin,
  };
}

/** The builders give class instances with fields that are undefined. */
const plainOf = (dashboard: dashboards.Dashboard): Json => JSON.parse(JSON.stringify(dashboard)) as Json;

const linkTo = (title: string, uid: string): dashboards.DashboardLinkBuilder =>
  new dashboards.DashboardLinkBuilder(title)
    .type(dashboards.DashboardLinkType.Link)
    .url(`/d/${uid}`)
    .keepTime(true)
    .icon('dashboard');

/** A line at each deployment: the time that the metric tells, in milliseconds, where it lies within the picture. */
function deployments(): dashboards.AnnotationQueryBuilder {
  const at = promqlSelector(monitor.deployment.name);
  return new dashboards.AnnotationQueryBuilder()
    .name('Deployments')
    .datasource(PROMETHEUS)
    .enable(true)
    .iconColor('blue')
    .expr(`changes(${at}[1m]) > 0 or (${at} unless ${at} offset 1m)`);
}
