/** The metrics that the platform emits, as Prometheus stores them. */
import type { ExposedMetrics, Inventory } from '../../ir/inventory.ts';
import type { MetricFamily } from '../../ir/metrics.ts';
import type { Graph } from '../graph.ts';

export interface StoredMetric {
  type: MetricFamily['type'];
  labels: ReadonlySet<string>;
  /** Under which it is scraped; null for what Prometheus makes of every job, or of none. */
  job: string | null;
}

export interface KnownMetrics {
  /** Names of families, which a histogram's series have not. */
  families: readonly string[];
  stored: ReadonlyMap<string, StoredMetric>;
  /** Names under which the platform's own programs are scraped. */
  jobs: readonly string[];
}

const known = new WeakMap<Inventory, KnownMetrics>();

export function metricsOf({ inventory }: Pick<Graph, 'inventory'>): KnownMetrics {
  const found = known.get(inventory) ?? {
    families: inventory.metrics.flatMap(({ families }) => families.map(({ name }) => name)),
    stored: new Map([...inventory.metrics.flatMap(storedOf), ...ofPrometheus(inventory)]),
    jobs: inventory.metrics.map(({ job }) => job),
  };
  known.set(inventory, found);
  return found;
}

/** What Prometheus adds to each series. */
const SCRAPED = ['__name__', 'job', 'instance'];

/** Of each target one, with all the labels that a configuration gives it. */
const OF_TARGETS = ['up', 'scrape_duration_seconds', 'scrape_samples_scraped', 'scrape_series_added'];

function ofPrometheus({ metrics }: Inventory): [string, StoredMetric][] {
  const labels = new Set([...SCRAPED, ...metrics.flatMap(({ targetLabels }) => targetLabels ?? [])]);
  return OF_TARGETS.map((name) => [name, { type: 'gauge', labels, job: null }]);
}

/** A histogram is stored as three counters. */
function storedOf({ job, families, targetLabels = [] }: ExposedMetrics): [string, StoredMetric][] {
  const stored = (name: string, type: MetricFamily['type'], labels: readonly string[]): [string, StoredMetric] => [
    name,
    { type, job, labels: new Set([...labels, ...SCRAPED, ...targetLabels]) },
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
