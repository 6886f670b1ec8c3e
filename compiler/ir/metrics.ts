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
  requests: family('mlops_serving_requests_total', 'counter', ['model', 'status'], 'Prediction requests, by HTTP status.'),
  duration: family('mlops_serving_request_duration_seconds', 'histogram', ['model'], 'Time to answer a prediction request.'),
  inFlight: family('mlops_serving_requests_in_flight', 'gauge', ['model'], 'Prediction requests being answered now.'),
  predictions: family('mlops_serving_predictions_total', 'counter', ['model', 'version'], 'Predictions made, by model version.'),
  prediction: family('mlops_serving_prediction_value', 'histogram', ['model'], 'Predicted values.'),
  modelInfo: family('mlops_serving_model_info', 'gauge', ['model', 'version', 'run_id'], '1 for the model version in use.'),
  ready: family('mlops_serving_ready', 'gauge', ['model'], '1 while predictions can be made.'),
  featureAge: family('mlops_serving_feature_age_seconds', 'histogram', ['model', 'view'], 'Age of the feature rows that were used.'),
  missingFeatures: family('mlops_serving_missing_features_total', 'counter', ['model', 'view'], 'Lookups that found no fresh row.'),
} as const;

/** A stream consumer, on its own port. */
export const stream = {
  records: family('mlops_stream_records_total', 'counter', ['view', 'outcome'], 'Records: written, stale or rejected.'),
  lag: family('mlops_stream_lag_records', 'gauge', ['view', 'partition'], 'Records in the topic that are not yet committed.'),
  newestEvent: family('mlops_stream_newest_event_timestamp_seconds', 'gauge', ['view'], 'Event time of the newest row written.'),
  batchDuration: family('mlops_stream_batch_duration_seconds', 'histogram', ['view'], 'Time from a batch read to its commit.'),
  lastCommit: family('mlops_stream_last_commit_timestamp_seconds', 'gauge', ['view'], 'When offsets were last committed.'),
  storeErrors: family('mlops_stream_store_errors_total', 'counter', ['view', 'store'], 'Failed attempts to write a batch, by store.'),
} as const;
