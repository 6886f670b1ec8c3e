/** The metrics that the platform emits, as Prometheus stores them. */
import type { ExposedMetrics, Inventory } from '../../ir/inventory.ts';
import type { MetricFamily } from '../../ir/metrics.ts';
import type { Graph } from '../graph.ts';

export interface StoredMetric {
  type: MetricFamily['type'];
  labels: ReadonlySet<string>;
}

export interface KnownMetrics {
  /** Names of families, which a histogram's series have not. */
  families: readonly string[];
  stored: ReadonlyMap<string, StoredMetric>;
}

const known = new WeakMap<Inventory, KnownMetrics>();

export function metricsOf({ inventory }: Pick<Graph, 'inventory'>): KnownMetrics {
  const found = known.get(inventory) ?? {
    families: inventory.metrics.flatMap(({ families }) => families.map(({ name }) => name)),
    stored: new Map(inventory.metrics.flatMap(storedOf)),
  };
  known.set(inventory, found);
  return found;
}

/** What Prometheus adds to each series. */
const SCRAPED = ['__name__', 'job', 'instance'];

/** A histogram is stored as three counters. */
function storedOf({ families, targetLabels = [] }: ExposedMetrics): [string, StoredMetric][] {
  const stored = (name: string, type: MetricFamily['type'], labels: readonly string[]): [string, StoredMetric] => [
    name,
    { type, labels: new Set([...labels, ...SCRAPED, ...targetLabels]) },
  ];
  return families.flatMap(({ name, type, labels }) =>
    type === 'histogram'
      ? [
          stored(`${name}_bucket`, 'counter', [...labels, 'le']),
          stored(`${name}_sum`, 'counter', labels),
          stored(`${name}_count`, 'counter', labels),
        ]
      : [stored(name, type, labels)],
  );
}
