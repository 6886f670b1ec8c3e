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

/** What a label can be: a name that specs declare, one of a few values, a text of a form; else anything. */
export interface LabelValues {
  names?: string;
  values?: readonly string[];
  like?: string;
}

export const labels: Record<string, LabelValues> = metrics.labels;

/** Of a label, or of what it is in the metrics of one job alone. */
export const labelValues = (label: string, job: string | null): LabelValues =>
  labels[`${job}.${label}`] ?? (Object.hasOwn(labels, label) ? labels[label] : undefined) ?? {};

type Families<Group extends keyof typeof metrics> = Record<keyof (typeof metrics)[Group], MetricFamily>;

/** How often Prometheus reads them. */
export const SCRAPE_SECONDS = 15;

/** The online API of a model, on its own port. */
export const serving = metrics.serving as Families<'serving'>;

/** A stream consumer, on its own port. */
export const stream = metrics.stream as Families<'stream'>;

/** The monitor, which looks at data, predictions and pipelines every minute. */
export const monitor = metrics.monitor as Families<'monitor'>;
