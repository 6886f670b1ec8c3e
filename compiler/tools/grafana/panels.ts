/**
 * Panels as few words; Grafana's own builders make its JSON of them, with the defaults of the version that they are
 * made for.
 */
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboards from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type { Limit, Panel, Query, Row } from '../page.ts';

export const PROMETHEUS = { type: 'prometheus', uid: 'prometheus' };

const HEIGHT = { lines: 8, heatmap: 8, number: 4 } as const;

/** Rows and panels get their places from left to right, and ids that stay as long as what stands before them. */
export function withRows(dashboard: dashboards.DashboardBuilder, rows: Row[]): void {
  let id = 0;
  for (const { title, panels } of rows.filter((row) => row.panels.length > 0)) {
    id += 1;
    dashboard.withRow(new dashboards.RowBuilder(title).id(id));
    for (const panel of panels) {
      id += 1;
      dashboard.withPanel(builderOf(panel, id));
    }
  }
}

type Builder = timeseries.PanelBuilder | stat.PanelBuilder | heatmap.PanelBuilder;

function builderOf(panel: Panel, id: number): Builder {
  const { kind, title, description, unit, width, queries } = panel;
  const builder = emptyOf(panel)
    .id(id)
    .title(title)
    .description(description)
    .unit(unit)
    .span(width)
    .height(HEIGHT[kind])
    .datasource(PROMETHEUS)
    .thresholds(thresholdsOf(panel.limit ?? null));
  if (panel.decimals !== undefined) builder.decimals(panel.decimals);
  if (panel.min !== undefined) builder.min(panel.min);
  queries.forEach((query, index) => {
    builder.withTarget(target(panel, query, String.fromCharCode(65 + index)));
  });
  return builder;
}

function emptyOf({ kind, limit }: Panel): Builder {
  if (kind === 'number')
    return new stat.PanelBuilder()
      .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
      .graphMode(common.BigValueGraphMode.None)
      .colorMode(limit ? common.BigValueColorMode.Background : common.BigValueColorMode.None);
  if (kind === 'heatmap') return new heatmap.PanelBuilder().calculate(false);
  return new timeseries.PanelBuilder()
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    )
    .lineWidth(1)
    .fillOpacity(8)
    .showPoints(common.VisibilityMode.Never)
    .thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(
        limit ? common.GraphThresholdsStyleMode.Dashed : common.GraphThresholdsStyleMode.Off,
      ),
    );
}

function thresholdsOf(limit: Limit | null): dashboards.ThresholdsConfigBuilder {
  const [below, above] = limit?.isFloor ? ['red', 'green'] : ['green', 'red'];
  const steps = [{ value: null as unknown as number, color: limit ? below : 'text' }];
  if (limit) steps.push({ value: limit.value, color: above });
  return new dashboards.ThresholdsConfigBuilder().mode(dashboards.ThresholdsMode.Absolute).steps(steps);
}

function target({ kind }: Panel, { expr, legend }: Query, refId: string): prometheus.DataqueryBuilder {
  const query = new prometheus.DataqueryBuilder().expr(expr).legendFormat(legend).refId(refId).datasource(PROMETHEUS);
  if (kind === 'number') return query.instant();
  return kind === 'heatmap' ? query.range().format(prometheus.PromQueryFormat.Heatmap) : query.range();
}
