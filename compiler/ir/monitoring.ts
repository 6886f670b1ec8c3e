/** Alerts, dashboards and log indices that teams write themselves. */
import type { Origin } from './values.ts';

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
