/**
 * The intermediate representation: everything that the specs say, resolved, sorted and with all defaults. Tools and
 * hosts see only this. It is plain JSON, so `mlops ir` prints it and two of them can be compared. This file is the door
 * to the types of all subjects.
 *
 * Order is fixed once (by name, unless order carries meaning: steps follow what they need, model inputs keep the order
 * of the model's `features`), so no tool sorts again. Durations are whole seconds and say so in their names. Paths are
 * relative to the repository and use `/`.
 */

import type { Environment } from './environments.ts';
import type { Entity, FeatureView } from './features.ts';
import type { Model } from './models.ts';
import type { LogIndex, OwnAlert, OwnDashboard } from './monitoring.ts';
import type { Pipeline } from './pipelines.ts';
import type { Connection, Platform } from './platform.ts';
import type { Table } from './tables.ts';

export type * from './environments.ts';
export type * from './features.ts';
export type * from './models.ts';
export type * from './monitoring.ts';
export type * from './pipelines.ts';
export type * from './platform.ts';
export type * from './tables.ts';
export type * from './values.ts';

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
