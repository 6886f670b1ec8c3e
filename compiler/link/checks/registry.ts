import type { Check } from '../check.ts';
import { alerting } from './alerting.ts';
import { columns } from './columns.ts';
import { cycles } from './cycles.ts';
import { featureReferences } from './feature-references.ts';
import { functions } from './functions.ts';
import { misspelt } from './misspelt-columns.ts';
import { models } from './models.ts';
import { monitoring } from './monitoring.ts';
import { names } from './names.ts';
import { owners } from './owners.ts';
import { platform } from './platform.ts';
import { schedules } from './schedules.ts';
import { steps } from './steps.ts';
import { streams } from './streams.ts';
import { tableNames } from './table-names.ts';
import { tables } from './tables.ts';
import { units } from './units.ts';
import { views } from './views.ts';

/** One line a check; everything else about it stands in its file. */
export const checks: readonly Check[] = [
  names,
  owners,
  featureReferences,
  misspelt,
  views,
  units,
  tableNames,
  tables,
  columns,
  steps,
  functions,
  schedules,
  cycles,
  models,
  monitoring,
  streams,
  alerting,
  platform,
];
