/** Alerts, dashboards and log indices that teams write themselves. */
import type { Addressed } from './values.ts';

/** An alert that a team writes itself. */
export interface OwnAlert extends Addressed {
  name: string;
  owner: string;
  /** PromQL. */
  expr: string;
  forSeconds: number;
  severity: 'page' | 'ticket';
  summary: string;
  runbook: string | null;
  /** On made-up series, one value a minute: whether it fires so long after their beginning. */
  tests: { name: string | null; series: Record<string, string>; afterSeconds: number; fires: boolean }[];
}

export interface OwnDashboard extends Addressed {
  name: string;
  uid: string;
  title: string;
  description: string;
  panels: { title: string; expr: string; unit: string }[];
}

/** An index template of a team's own logs. */
export interface LogIndex extends Addressed {
  name: string;
  pattern: string;
  priority: number;
}

/** The template of the platform's own logs: data streams are called `logs-<dataset>-<environment>`. */
export const OWN_LOGS = { template: 'mlops-logs', dataset: 'mlops.service', priority: 500 } as const;
