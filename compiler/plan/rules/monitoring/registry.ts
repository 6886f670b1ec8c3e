import type { ChangeRule } from '../../../tools/change-rule.ts';
import { rule as alertAdded } from './alert-added.ts';
import { rule as alertExpression } from './alert-expression.ts';
import { rule as alertLater } from './alert-later.ts';
import { rule as alertLoosened } from './alert-loosened.ts';
import { rule as alertRemoved } from './alert-removed.ts';
import { rule as alertRenamed } from './alert-renamed.ts';
import { rule as alertSeverity } from './alert-severity.ts';
import { rule as alertSooner } from './alert-sooner.ts';
import { rule as alertText } from './alert-text.ts';
import { rule as alertTightened } from './alert-tightened.ts';
import { rule as dashboardAdded } from './dashboard-added.ts';
import { rule as dashboardPanels } from './dashboard-panels.ts';
import { rule as dashboardRemoved } from './dashboard-removed.ts';
import { rule as dashboardRenamed } from './dashboard-renamed.ts';
import { rule as dashboardUid } from './dashboard-uid.ts';

export const monitoring: readonly ChangeRule[] = [
  alertAdded,
  alertExpression,
  alertLater,
  alertLoosened,
  alertRemoved,
  alertRenamed,
  alertSeverity,
  alertSooner,
  alertText,
  alertTightened,
  dashboardAdded,
  dashboardPanels,
  dashboardRemoved,
  dashboardRenamed,
  dashboardUid,
];
