/** Pipelines of the IR: when they run, their steps, and what each step calls. */
import type { Asset } from './tables.ts';
import type { Addressed, JsonValue } from './values.ts';

export interface Pipeline extends Addressed {
  name: string;
  description: string;
  owner: string;
  tags: string[];
  /** Set where no pipeline.yaml stands behind it: the model it was derived from, and for what. */
  derivedFrom: { model: string; purpose: 'train' | 'score' } | null;
  schedule: Schedule;
  /** First day of the schedule, `YYYY-MM-DD`, in the schedule's time zone. */
  start: string;
  catchup: boolean;
  steps: Step[];
}

export type Schedule =
  | {
      kind: 'cron';
      cron: string;
      timezone: string;
      /** Longest distance of two ticks by the zone's own clock; null where there is only one. */
      longestSeconds: number | null;
    }
  /** Runs when all assets of any one group were updated, each group counted by itself: no update is forgotten. */
  | { kind: 'assets'; anyOf: Asset[][] }
  | { kind: 'manual' };

export interface Step extends Addressed {
  name: string;
  description: string;
  run: FunctionCall | PlatformStep;
  /** Names of steps in the same pipeline that must have succeeded. */
  needs: string[];
  /** Tables. */
  reads: string[];
  writes: string[];
  mode: 'replace' | 'append' | 'overwrite_partition';
  /** Column by whose values, days or times a run replaces rows; only for overwrite_partition. */
  partition: string | null;
  /** Assets this step updates when it succeeds. */
  outlets: Asset[];
  /** Names of connections the step may use. */
  connections: string[];
  retries: number;
  retryDelaySeconds: number;
  timeoutSeconds: number;
}

/** The team's own function, in a file beside the spec that names it. */
export interface FunctionCall {
  kind: 'function';
  file: string;
  function: string;
  with: Record<string, JsonValue>;
  /** Lock file of the folder's own dependencies, or null. */
  lock: string | null;
}

/** A step that the platform provides, in `runtime/`. */
export type PlatformStep =
  | { kind: 'platform'; uses: 'materialize'; with: { views: string[] } }
  | {
      kind: 'platform';
      uses: 'pull_features' | 'train' | 'evaluate' | 'gate' | 'register' | 'score';
      with: { model: string };
    };
