/**
 * The metrics that `runtime/` exposes. They stand in one file, from which the runtime registers them and from which
 * rules, panels and checks take their names.
 */
import metrics from '../../runtime/mlops_runtime/metrics.json' with { type: 'json' };

export interface MetricFamily {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  labels: readonly string[];
  help: string;
  /** Upper boundaries of a histogram; by the model's task where that decides them; else the client library's own. */
  buckets?: readonly number[] | Record<string, readonly number[]>;
}

type Families<Group extends keyof typeof metrics> = Record<keyof (typeof metrics)[Group], MetricFamily>;

/** How often Prometheus reads them. */
export const SCRAPE_SECONDS = 15;

/** The online API of a model, on its own port. */
export const serving = metrics.serving as Families<'serving'>;

/** A stream consumer, on its own port. */
export const stream = metrics.stream as Families<'stream'>;

/** The monitor, which looks at data, predictions and pipelines every minute. */
export const monitor = metrics.monitor as Families<'monitor'>;
