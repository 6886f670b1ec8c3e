/**
 * The metrics that `runtime/` exposes: the one list that rules and panels take their names from, and that a
 * conformance test holds against what the running services answer.
 */

export interface MetricFamily {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  labels: readonly string[];
  help: string;
}

const family = (name: string, type: MetricFamily['type'], labels: readonly string[], help: string): MetricFamily => ({
  name,
  type,
  labels,
  help,
});

/** The online API of a model, on its own port. */
export const serving = {
  requests: family(
    'mlops_serving_requests_total',
    'counter',
    ['model', 'status'],
    'Prediction requests, by HTTP status.',
  ),
  duration: family(
    'mlops_serving_request_duration_seconds',
    'histogram',
    ['model'],
    'Time to answer a prediction request.',
  ),
  inFlight: family('mlops_serving_requests_in_flight', 'gauge', ['model'], 'Prediction requests being answered now.'),
  predictions: family(
    'mlops_serving_predictions_total',
    'counter',
    ['model', 'version'],
    'Predictions made, by model version.',
  ),
  prediction: family('mlops_serving_prediction_value', 'histogram', ['model'], 'Predicted values.'),
  modelInfo: family(
    'mlops_serving_model_info',
    'gauge',
    ['model', 'version', 'run_id'],
    '1 for the model version in use.',
  ),
  ready: family('mlops_serving_ready', 'gauge', ['model'], '1 while predictions can be made.'),
  featureAge: family(
    'mlops_serving_feature_age_seconds',
    'histogram',
    ['model', 'view'],
    'Age of the feature rows that were used.',
  ),
  logErrors: family(
    'mlops_serving_prediction_log_errors_total',
    'counter',
    ['model'],
    'Predictions that could not be written to the prediction log.',
  ),
  missingFeatures: family(
    'mlops_serving_missing_features_total',
    'counter',
    ['model', 'view'],
    'Lookups that found no fresh row.',
  ),
} as const;

/** A stream consumer, on its own port. */
export const stream = {
  records: family('mlops_stream_records_total', 'counter', ['view', 'outcome'], 'Records: written, stale or rejected.'),
  lag: family(
    'mlops_stream_lag_records',
    'gauge',
    ['view', 'partition'],
    'Records in the topic that are not yet committed.',
  ),
  newestEvent: family(
    'mlops_stream_newest_event_timestamp_seconds',
    'gauge',
    ['view'],
    'Event time of the newest row written.',
  ),
  batchDuration: family(
    'mlops_stream_batch_duration_seconds',
    'histogram',
    ['view'],
    'Time from a batch read to its commit.',
  ),
  lastCommit: family(
    'mlops_stream_last_commit_timestamp_seconds',
    'gauge',
    ['view'],
    'When offsets were last committed.',
  ),
  storeErrors: family(
    'mlops_stream_store_errors_total',
    'counter',
    ['view', 'store'],
    'Failed attempts to write a batch, by store.',
  ),
} as const;

/** The monitor: looks at data, predictions and pipelines every minute. */
export const monitor = {
  viewRows: family('mlops_view_rows', 'gauge', ['view'], "Rows in the view's quality window."),
  viewAge: family('mlops_view_age_seconds', 'gauge', ['view'], 'Age of the newest row offline.'),
  missingRatio: family(
    'mlops_feature_missing_ratio',
    'gauge',
    ['view', 'feature'],
    'Share of missing values in the window.',
  ),
  outOfRangeRatio: family(
    'mlops_feature_out_of_range_ratio',
    'gauge',
    ['view', 'feature'],
    'Share of values outside min and max.',
  ),
  inputPsi: family(
    'mlops_input_drift_psi',
    'gauge',
    ['model', 'input'],
    'Population stability index against the training rows.',
  ),
  inputKs: family(
    'mlops_input_drift_ks',
    'gauge',
    ['model', 'input'],
    'Kolmogorov-Smirnov statistic against the training rows.',
  ),
  predictionPsi: family(
    'mlops_prediction_drift_psi',
    'gauge',
    ['model'],
    'The same of predictions against those on the training rows.',
  ),
  predictionKs: family('mlops_prediction_drift_ks', 'gauge', ['model'], 'Kolmogorov-Smirnov statistic of predictions.'),
  driftSamples: family('mlops_drift_samples', 'gauge', ['model'], 'Predictions in the drift window.'),
  performance: family(
    'mlops_model_performance',
    'gauge',
    ['model', 'metric'],
    'Metric of served predictions whose labels have come.',
  ),
  performanceBaseline: family(
    'mlops_model_performance_baseline',
    'gauge',
    ['model', 'metric'],
    "The naive baseline's on the champion's holdout.",
  ),
  performanceSamples: family(
    'mlops_model_performance_samples',
    'gauge',
    ['model'],
    'Labelled predictions in the window.',
  ),
  labelsAge: family('mlops_model_labels_age_seconds', 'gauge', ['model'], 'Age of the newest label.'),
  pipelineSuccess: family(
    'mlops_pipeline_last_success_timestamp_seconds',
    'gauge',
    ['pipeline'],
    'End of the last run that did what it was meant to.',
  ),
  pipelineResult: family(
    'mlops_pipeline_last_run',
    'gauge',
    ['pipeline', 'result'],
    '1 for how the last finished run ended: success, refused or failed.',
  ),
  pipelineDuration: family(
    'mlops_pipeline_last_run_duration_seconds',
    'gauge',
    ['pipeline'],
    'How long the last finished run took.',
  ),
  deployment: family('mlops_deployment_timestamp_seconds', 'gauge', ['commit'], 'When this commit was deployed.'),
  lastSuccess: family(
    'mlops_monitor_last_success_timestamp_seconds',
    'gauge',
    ['monitor'],
    'When a monitor last ran to its end.',
  ),
  failures: family('mlops_monitor_failures_total', 'counter', ['monitor'], 'Runs of a monitor that failed.'),
} as const;
