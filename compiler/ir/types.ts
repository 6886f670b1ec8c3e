/**
 * The intermediate representation: everything the specs say, resolved, defaulted, sorted and
 * closed. Targets see only this. It is plain JSON, so `mlops ir` prints it and two of them can
 * be compared.
 *
 * Order is fixed here once (by name, unless order carries meaning: steps are topologically
 * sorted, model inputs keep the order of the model's `features`), so no target sorts again.
 * Durations are whole seconds and say so in their names. Paths are relative to the repository
 * and use `/`.
 */

import type { Pipeline } from './pipeline-types.ts';

export type * from './pipeline-types.ts';

/** One type system for columns, features, model inputs and requests; each target has its spelling. */
export type ScalarType = 'bool' | 'int32' | 'int64' | 'float32' | 'float64' | 'string' | 'timestamp';

/** Where in the specs a thing was declared; generated files name it in a comment. */
export interface Origin {
  file: string;
  line: number;
}

export interface Ir {
  irVersion: 1;
  platform: Platform;
  connections: Connection[];
  entities: Entity[];
  tables: Table[];
  featureViews: FeatureView[];
  models: Model[];
  /** Written and derived ones alike, sorted by name. */
  pipelines: Pipeline[];
  environments: Environment[];
  /** Teams' own, sorted by name. */
  alerts: OwnAlert[];
  dashboards: OwnDashboard[];
  logIndices: LogIndex[];
}

export interface Platform {
  name: string;
  description: string;
  timezone: string;
  origin: Origin;
  owners: Owner[];
}

export interface Owner {
  name: string;
  email: string | null;
  /** Slack channel, `#` included. */
  slack: string | null;
}

/** An outside system that steps reach by name. A secret is a reference, never a value. */
export interface Connection {
  name: string;
  origin: Origin;
  /** Literal settings, e.g. `{url: 'postgresql://db/flights'}`. */
  settings: Record<string, string | number | boolean>;
  /** Setting → name of the secret that holds its value. */
  secrets: Record<string, string>;
}

export interface Entity {
  name: string;
  description: string;
  owner: string;
  joinKey: string;
  type: ScalarType;
  tags: Record<string, string>;
  origin: Origin;
}

/** A named table in the offline store. Its columns are all that writers declare and readers need. */
export interface Table {
  name: string;
  origin: Origin;
  columns: Column[];
  /** Event timestamp column, where a feature view or label states one. */
  timestamp: string | null;
  /** `pipeline.step` that writes it; exactly one after linking. */
  writer: StepRef | null;
  asset: Asset;
}

export interface Column {
  name: string;
  type: ScalarType;
  /** Spec places that need this column, for error messages of the publishing step. */
  requiredBy: string[];
}

export interface StepRef {
  pipeline: string;
  step: string;
}

/** What Airflow calls an asset: a table, or a model's champion. */
export interface Asset {
  name: string;
  uri: string;
}

export interface FeatureView {
  name: string;
  description: string;
  owner: string;
  tags: Record<string, string>;
  origin: Origin;
  /** Names of entities, in declared order. */
  entities: string[];
  ttlSeconds: number;
  /** Highest accepted age of the newest row; null where not stated. */
  freshnessSeconds: number | null;
  online: boolean;
  batch: { table: string; timestamp: string; created: string | null };
  stream: Stream | null;
  quality: ViewQuality;
  features: Feature[];
}

/** A Kafka topic that keeps the view up to date where an environment has servers. */
export interface Stream {
  topic: string;
  /** Receives the records that cannot be used, with the reason. */
  deadLetterTopic: string | null;
  consumerGroup: string;
  partitions: number;
  retentionSeconds: number;
  replication: number;
  minInSync: number;
  cleanup: 'delete' | 'compact';
  /** Whether events carry their join keys as Kafka's key. */
  keyed: boolean;
}

/** What must hold of the rows of the newest stretch of `windowSeconds`. */
export interface ViewQuality {
  windowSeconds: number;
  minRows: number | null;
}

export interface Feature {
  name: string;
  type: ScalarType;
  description: string;
  unit: string | null;
  windowSeconds: number | null;
  min: number | null;
  max: number | null;
  /** Highest accepted share of missing values, 0 to 1; null where nothing is stated. */
  maxMissing: number | null;
  tags: Record<string, string>;
  origin: Origin;
}

export type Task = 'regression' | 'classification';
export type Metric = 'rmse' | 'mae' | 'r2' | 'log_loss' | 'roc_auc' | 'accuracy' | 'f1';

export interface Model {
  name: string;
  description: string;
  owner: string;
  tags: Record<string, string>;
  origin: Origin;
  /** `sha256:` of the resolved model and the views it uses, recorded by every training run. */
  specDigest: string;
  /** Folder of model.yaml. */
  folder: string;
  /** Lock file of the folder's own dependencies, or null: then the platform's environment serves it. */
  lock: string | null;
  task: Task;
  label: Label;
  /** Join keys the caller gives, from the entities of all views used; sorted by entity name. */
  entities: { entity: string; joinKey: string; type: ScalarType }[];
  features: ModelFeature[];
  request: RequestField[];
  /** Columns the model is fitted on and called with: features, then request fields. */
  inputs: ModelInput[];
  output: { name: string; type: ScalarType };
  missingFeatures: MissingFeatures;
  /** The registry's alias of the version that is served, by environment; `champion` where nothing is stated. */
  aliases: Record<string, string>;
  train: Train;
  online: Online | null;
  batch: Batch | null;
  /** Updated when a version becomes champion. */
  asset: Asset;
  monitoring: Monitoring;
}

/** Not part of `specDigest`: what is watched does not change what was trained. */
export interface Monitoring {
  drift: { psi: number; windowSeconds: number; minSamples: number; ignore: string[] };
  /** Limits are those that the spec states; without any the naive baseline is the limit. */
  quality: { windowSeconds: number; minSamples: number; limits: QualityLimit[] };
}

export interface QualityLimit {
  metric: Metric;
  min: number | null;
  max: number | null;
}

export interface Label {
  table: string;
  column: string;
  type: ScalarType;
  /** Column of the moment the label is about. */
  timestamp: string;
  /** Predictions are made this long before `timestamp`; features are joined as of then. */
  horizonSeconds: number;
}

export interface ModelFeature {
  view: string;
  feature: string;
  type: ScalarType;
  /** Column name in frames and signatures: `view__feature`, Feast's full feature name. */
  input: string;
  mask: Mask;
}

export interface RequestField {
  name: string;
  type: ScalarType;
  description: string;
  unit: string | null;
  min: number | null;
  max: number | null;
  nullable: boolean;
  mask: Mask;
}

/** How a value stands in logs of predictions; null: as it is. */
export type Mask = 'hash' | 'drop' | null;

export interface ModelInput {
  name: string;
  /**
   * Type in the model's signature. A numeric feature that may be missing is `float64`: an
   * integer column with a missing value makes MLflow drop the signature silently.
   */
  type: ScalarType;
  required: boolean;
}

export interface Train {
  file: string;
  function: string;
  with: Record<string, JsonValue>;
  /** Training rows reach back this far from the start of the holdout; null: to the beginning. */
  windowSeconds: number | null;
  /** The newest stretch of labelled rows, never trained on, on which candidates are judged. */
  holdoutSeconds: number;
  metric: Metric;
  goal: 'minimize' | 'maximize';
  promoteIf: { beats: ('baseline' | 'champion')[]; by: number };
}

export type MissingFeatures = 'reject' | 'allow';

export interface Online {
  timeoutSeconds: number;
  objectives: Objectives;
}

/** Service level objectives; null where none is stated. */
export interface Objectives {
  /** 99 of 100 requests are answered within this time. */
  latencySeconds: number | null;
  /** Share of requests that do not fail on our side, 0 to 1. */
  availability: number | null;
  /** The stretch of time that both are about. */
  windowSeconds: number;
}

export interface Batch {
  /** Table whose rows are scored. */
  entities: string;
  /** Rows of the newest stretch of this length are scored. */
  windowSeconds: number;
  /** Table that receives the predictions. */
  output: string;
}

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** An alert that a team writes itself. */
export interface OwnAlert {
  name: string;
  owner: string;
  /** PromQL. */
  expr: string;
  forSeconds: number;
  severity: 'page' | 'ticket';
  summary: string;
  runbook: string | null;
  origin: Origin;
}

export interface OwnDashboard {
  name: string;
  uid: string;
  title: string;
  description: string;
  panels: { title: string; expr: string; unit: string }[];
  origin: Origin;
}

/** An index template of a team's own logs. */
export interface LogIndex {
  name: string;
  pattern: string;
  priority: number;
  origin: Origin;
}

/** A container of a team's own. */
export interface Container {
  name: string;
  image: string;
  command: string[] | null;
  port: number | null;
  publish: number | null;
  tls: boolean;
  /** Path that Prometheus reads. */
  metrics: string | null;
  variables: Record<string, string>;
  secrets: string[];
  /** Volume → path in the container. */
  volumes: Record<string, string>;
  networks: string[];
  needs: Record<string, 'healthy' | 'completed'>;
  health: string[] | null;
  megabytes: number;
  cpus: number;
}

export interface Environment {
  name: string;
  origin: Origin;
  runtime: 'process' | 'compose';
  /** `servers`: PostgreSQL, Redis, Kafka and all that watches them. `embedded`: none of these. */
  stores: 'embedded' | 'servers';
  /** How long Prometheus keeps metrics. */
  metricsRetentionSeconds: number;
  /** How long Redis keeps a key without news; null where the views' TTLs decide. */
  onlineTtlSeconds: number | null;
  /** Where people reach it. The process runtime listens here (loopback). */
  host: string;
  /** On the host. Parts that the environment does not run have theirs too. */
  ports: Ports;
  alerting: Alerting;
  secrets: { provider: 'env' } | { provider: 'file'; dir: string };
  /** One entry per model with an online side, sorted by name. */
  services: ModelService[];
  /** One entry per streamed view, sorted by name; none where stores are embedded. */
  consumers: StreamConsumer[];
  /** Containers of teams' own, sorted by name. */
  containers: Container[];
}

export type Part =
  | 'airflow'
  | 'mlflow'
  | 'postgres'
  | 'redis'
  | 'kafka'
  | 'kafka_controller'
  | 'prometheus'
  | 'alertmanager'
  | 'node_exporter'
  | 'elasticsearch'
  | 'monitor'
  | 'grafana'
  | 'kibana'
  | 'jupyter'
  | 'jenkins'
  | 'proxy';

export type Ports = Record<Part, number>;

/** How alerts leave the environment. Null where the channel is not set up. */
export interface Alerting {
  webhook: string | null;
  slack: { secret: string } | null;
  smtp: { host: string; from: string; username: string | null; passwordSecret: string | null } | null;
}

/** A version on trial beside the champion. */
export interface Canary {
  alias: string;
  /** Shares of the requests; together 100. */
  weights: { champion: number; trial: number };
  /** What takes it out: a share of failed answers (0 to 1), a time; null where nothing is stated. */
  abort: { errors: number | null; latencySeconds: number | null };
}

export interface ModelService {
  model: string;
  port: number;
  workers: number;
  replicas: number;
  timeoutSeconds: number;
  /** How long callers wait; null where nothing is stated. */
  clientTimeoutSeconds: number | null;
  /** Only where there is a proxy. */
  canary: Canary | null;
  missingFeatures: MissingFeatures;
}

/** The process that writes one view's events into the feature store. */
export interface StreamConsumer {
  view: string;
  /** Where it answers /metrics, /livez and /readyz. */
  port: number;
}
