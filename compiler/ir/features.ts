/** Entities and feature views. */
import type { Addressed, Deprecation, ScalarType } from './values.ts';

export interface Entity extends Addressed {
  name: string;
  description: string;
  owner: string;
  joinKey: string;
  type: ScalarType;
  tags: Record<string, string>;
}

export interface FeatureView extends Addressed {
  name: string;
  description: string;
  owner: string;
  tags: Record<string, string>;
  /** Names of entities, in declared order. */
  entities: string[];
  ttlSeconds: number;
  /** Highest accepted age of the newest row; null where not stated. */
  freshnessSeconds: number | null;
  deprecated: Deprecation | null;
  online: boolean;
  batch: { table: string; timestamp: string; created: string | null };
  stream: Stream | null;
  quality: ViewQuality;
  features: Feature[];
}

/** A Kafka topic that keeps the view up to date where an environment has servers. */
export interface Stream extends Addressed {
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
  /** Whether rows that break a rule are published with a warning, or held back. */
  onFailure: 'warn' | 'stop';
  /** Features whose values no message shows. */
  personal: string[];
}

export interface Feature extends Addressed {
  name: string;
  type: ScalarType;
  description: string;
  unit: string | null;
  windowSeconds: number | null;
  min: number | null;
  max: number | null;
  /** Highest accepted share of missing values, 0 to 1; null where nothing is stated. */
  maxMissing: number | null;
  deprecated: Deprecation | null;
  tags: Record<string, string>;
}
