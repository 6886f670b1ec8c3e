/** Named tables of the offline store, and what is updated when one is published. */
import type { Addressed, ScalarType } from './values.ts';

/** A named table in the offline store. Its columns are all that writers declare and readers need. */
export interface Table extends Addressed {
  name: string;
  columns: Column[];
  /** Event timestamp column, where a feature view or label states one. */
  timestamp: string | null;
  /** `pipeline.step` that writes it; exactly one after linking. */
  writer: StepRef | null;
  asset: Asset;
}

export interface Column extends Addressed {
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
