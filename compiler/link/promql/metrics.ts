/** The metrics that we emit, as Prometheus stores them. */
import { type MetricFamily, monitor, serving, stream } from '../../ir/metrics.ts';

export const families: ReadonlyMap<string, MetricFamily> = new Map(
  [serving, stream, monitor]
    .flatMap((group) => Object.values(group))
    .map((family: MetricFamily) => [family.name, family]),
);

export interface StoredMetric {
  type: MetricFamily['type'];
  labels: ReadonlySet<string>;
}

/** What Prometheus adds to each series, and what its configuration adds to those of a model or view. */
const SCRAPED = ['__name__', 'job', 'instance'];
const OF_TARGETS: Record<string, string> = { mlops_serving_: 'model', mlops_stream_: 'view' };

const stored = (name: string, type: MetricFamily['type'], labels: readonly string[]): [string, StoredMetric] => {
  const target = Object.entries(OF_TARGETS).flatMap(([start, label]) => (name.startsWith(start) ? [label] : []));
  return [name, { type, labels: new Set([...labels, ...SCRAPED, ...target]) }];
};

/** A histogram is stored as three counters. */
export const storedMetrics: ReadonlyMap<string, StoredMetric> = new Map(
  [...families.values()].flatMap(({ name, type, labels }) =>
    type === 'histogram'
      ? [
          stored(`${name}_bucket`, 'counter', [...labels, 'le']),
          stored(`${name}_sum`, 'counter', labels),
          stored(`${name}_count`, 'counter', labels),
        ]
      : [stored(name, type, labels)],
  ),
);
