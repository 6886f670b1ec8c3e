import { monitor, stream } from '../../../ir/metrics.ts';
import type { Ir } from '../../../ir/types.ts';
import { all, home, lines, type Page, type Row, selector } from '../../page.ts';

export function featuresPage({ featureViews }: Ir): Page {
  return {
    kind: 'features',
    name: null,
    title: 'Features',
    description: 'All feature views: how fresh, how many rows, how complete.',
    origin: null,
    links: [home, ...featureViews.map(({ name }) => ({ title: name, kind: 'view' as const, name }))],
    rows: [allViews],
  };
}

const allViews: Row = {
  title: 'All views',
  panels: [
    lines({
      title: 'Age of the newest row',
      description: 'Offline, by view. Each view’s own page shows its limit.',
      unit: 's',
      min: 0,
      queries: all(selector(monitor.viewAge.name), '{{view}}'),
    }),
    lines({
      title: 'Rows',
      description: 'In each view’s quality window.',
      unit: 'short',
      min: 0,
      queries: all(selector(monitor.viewRows.name), '{{view}}'),
    }),
    lines({
      title: 'Missing values',
      description: 'Share of missing values in the worst feature of each view.',
      unit: 'percentunit',
      min: 0,
      queries: all(`max by (view) (${selector(monitor.missingRatio.name)})`, '{{view}}'),
    }),
    lines({
      title: 'Events waiting',
      description: 'Records in the topic that the consumer has not written yet.',
      unit: 'short',
      min: 0,
      queries: all(`sum by (view) (${selector(stream.lag.name)})`, '{{view}}'),
    }),
  ],
};
