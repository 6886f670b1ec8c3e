import { addresses } from './addresses.ts';
import { alerting } from './alerting.ts';
import { aliases } from './aliases.ts';
import { attempts } from './attempts.ts';
import type { Check } from './check.ts';
import { clashingNames } from './clashing-names.ts';
import { clocks } from './clocks.ts';
import { columns } from './columns.ts';
import { containerHealth } from './container-health.ts';
import { cycles } from './cycles.ts';
import { dashboards } from './dashboards.ts';
import { deprecations } from './deprecations.ts';
import { derivedNames } from './derived-names.ts';
import { environments } from './environments.ts';
import { exactValues } from './exact-values.ts';
import { functions } from './functions.ts';
import { images } from './images.ts';
import { inputsInCode } from './inputs-in-code.ts';
import { keeping } from './keeping.ts';
import { leakage } from './leakage.ts';
import { locks } from './locks.ts';
import { logIndices } from './log-indices.ts';
import { materialization } from './materialization.ts';
import { metricExpressions } from './metric-expressions.ts';
import { metricLabels } from './metric-labels.ts';
import { misspelt } from './misspelt-columns.ts';
import { models } from './models.ts';
import { monitoring } from './monitoring.ts';
import { names } from './names.ts';
import { neighbours } from './neighbours.ts';
import { ownAlerts } from './own-alerts.ts';
import { ownNames } from './own-names.ts';
import { owners } from './owners.ts';
import { personalData } from './personal-data.ts';
import { policies } from './policies.ts';
import { ports } from './ports.ts';
import { promises } from './promises.ts';
import { proxies } from './proxy.ts';
import { quotas } from './quotas.ts';
import { races } from './races.ts';
import { ranges } from './ranges.ts';
import { reservedNames } from './reserved-names.ts';
import { ruleTests } from './rule-tests.ts';
import { schedules } from './schedules.ts';
import { scraping } from './scraping.ts';
import { serving } from './serving.ts';
import { siblings } from './siblings.ts';
import { steps } from './steps.ts';
import { streams } from './streams.ts';
import { tableNames } from './table-names.ts';
import { tables } from './tables.ts';
import { teamCode } from './team-code.ts';
import { topics } from './topics.ts';
import { units } from './units.ts';
import { unknownNames } from './unknown-names.ts';
import { unused } from './unused.ts';
import { versionPairs } from './version-pairs.ts';
import { views } from './views.ts';

/** One line a check; everything else about it stands in its file. */
export const checks: readonly Check[] = [
  names,
  ownNames,
  reservedNames,
  owners,
  unknownNames,
  misspelt,
  views,
  ranges,
  exactValues,
  units,
  tableNames,
  tables,
  columns,
  steps,
  functions,
  teamCode,
  schedules,
  cycles,
  models,
  unused,
  deprecations,
  siblings,
  serving,
  promises,
  leakage,
  keeping,
  clocks,
  races,
  attempts,
  monitoring,
  streams,
  alerting,
  ports,
  neighbours,
  environments,
  aliases,
  proxies,
  quotas,
  images,
  containerHealth,
  scraping,
  addresses,
  metricExpressions,
  metricLabels,
  ownAlerts,
  ruleTests,
  dashboards,
  logIndices,
  topics,
  inputsInCode,
  locks,
  versionPairs,
  materialization,
  personalData,
  clashingNames,
  derivedNames,
  policies,
];
