/** Models: what they are trained on, how they are served, how they are watched. */
import type { Asset } from './tables.ts';
import type { Addressed, Deprecation, JsonValue, ScalarType } from './values.ts';

export type Task = 'regression' | 'classification';

export type Metric = 'rmse' | 'mae' | 'r2' | 'log_loss' | 'roc_auc' | 'accuracy' | 'f1';

export interface Model extends Addressed {
  name: string;
  description: string;
  owner: string;
  tags: Record<string, string>;
  /** `sha256:` of the resolved model and the views it uses, recorded by every training run. */
  specDigest: string;
  /** Of the model's own spec alone, and so a part of `specDigest`. */
  ownDigest: string;
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
  /** Share of its features that a row may lack; null: all. */
  maxMissing: number | null;
  /** One per environment, sorted by its name. */
  aliases: Alias[];
  train: Train;
  online: Online | null;
  batch: Batch | null;
  /** Updated when a version becomes champion. */
  asset: Asset;
  monitoring: Monitoring;
  /** No part of `specDigest` either. */
  deprecated: Deprecation | null;
}

/** Not part of `specDigest`: what is watched does not change what was trained. */
export interface Monitoring {
  drift: { psi: number; windowSeconds: number; minSamples: number; ignore: string[] };
  /** Limits are those that the spec states; without any the naive baseline is the limit. */
  quality: { windowSeconds: number; minSamples: number; limits: QualityLimit[] };
  /** What is kept of the log of predictions; whole days are. */
  log: { keepDays: number; maxMegabytes: number };
}

export interface QualityLimit {
  metric: Metric;
  min: number | null;
  max: number | null;
}

export interface Label extends Addressed {
  table: string;
  column: string;
  type: ScalarType;
  /** Column of the moment the label is about. */
  timestamp: string;
  /** Predictions are made this long before `timestamp`; features are joined as of then. */
  horizonSeconds: number;
}

export interface ModelFeature extends Addressed {
  view: string;
  feature: string;
  type: ScalarType;
  /** Column name in frames and signatures: `view__feature`, Feast's full feature name. */
  input: string;
  mask: Mask;
}

export interface RequestField extends Addressed {
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

export interface Train extends Addressed {
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
  /** Whether its models may be stored in a form whose loading runs code. */
  pickle: boolean;
}

export type MissingFeatures = 'reject' | 'allow';

export interface Online extends Addressed {
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

export interface Batch extends Addressed {
  /** Table whose rows are scored. */
  entities: string;
  /** Rows of the newest stretch of this length are scored. */
  windowSeconds: number;
  /** Table that receives the predictions. */
  output: string;
}

/** The registry's alias of the version that an environment serves. */
export interface Alias extends Addressed {
  environment: string;
  alias: string;
}
