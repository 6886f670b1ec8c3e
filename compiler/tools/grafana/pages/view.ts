import { monitor } from '../../../ir/metrics.ts';
import type { FeatureView } from '../../../ir/types.ts';
import { all, duration, home, lines, type Page, type Panel, type Row, selector } from '../../page.ts';
import { streamRow } from './stream.ts';

export function viewPage(view: FeatureView): Page {
  return {
    kind: 'view',
    name: view.name,
    title: `Feature view ${view.name}`,
    description: view.description,
    origin: view.origin.file,
    links: [home, { title: 'Features', kind: 'features', name: null }],
    rows: [data(view), ...(view.stream ? [streamRow(view)] : [])],
  };
}

function data(view: FeatureView): Row {
  const { freshnessSeconds, quality, features } = view;
  const about = { view: view.name };
  const window = duration(quality.windowSeconds);
  const missing = features.map(({ maxMissing }) => maxMissing).filter((share) => share !== null);
  return {
    title: 'Data',
    panels: [
      lines({
        title: 'Age of the newest row',
        description: 'The red line is the view’s freshness.',
        unit: 's',
        min: 0,
        limit: freshnessSeconds === null ? null : { value: freshnessSeconds },
        queries: all(selector(monitor.viewAge.name, about), 'offline'),
      }),
      lines({
        title: `Rows in ${window}`,
        description: 'Number of rows in the quality window.',
        unit: 'short',
        min: 0,
        limit: quality.minRows === null ? null : { value: quality.minRows, isFloor: true },
        queries: all(selector(monitor.viewRows.name, about), 'rows'),
      }),
      lines({
        title: 'Missing values',
        description: `Share of the rows of the last ${window}, by feature.`,
        unit: 'percentunit',
        min: 0,
        limit: missing.length > 0 ? { value: Math.min(...missing) } : null,
        queries: all(selector(monitor.missingRatio.name, about), '{{feature}}'),
      }),
      ...ranged(view),
    ],
  };
}

/** Only of a view that states a range: nothing is measured of others. */
function ranged({ name, features }: FeatureView): Panel[] {
  const isMeasured = features.some(
    ({ type, min, max }) => (min !== null || max !== null) && !['string', 'bool', 'timestamp'].includes(type),
  );
  if (!isMeasured) return [];
  return [
    lines({
      title: 'Values out of range',
      description: 'Share outside the stated min and max, by feature; an alert fires above 1 %.',
      unit: 'percentunit',
      min: 0,
      limit: { value: 0.01 },
      queries: all(selector(monitor.outOfRangeRatio.name, { view: name }), '{{feature}}'),
    }),
  ];
}
