/**
 * Rules as data; Prometheus' folder writes them as its YAML. Expressions are built by the encoders of render/promql.ts.
 */
import { type Matchers, promqlDuration, promqlNumber, promqlSelector } from '../render/promql.ts';

export type Severity = 'page' | 'ticket';

export interface RecordingRule {
  record: string;
  expr: string;
  labels: Record<string, string>;
}

export interface AlertRule {
  alert: string;
  expr: string;
  /** Seconds for which it must hold. */
  forSeconds: number;
  severity: Severity;
  owner: string;
  /** What it is about: `model`, `view` and so on. */
  subject: Record<string, string>;
  summary: string;
  description: string;
  /** Where a team's own alert says what to do; ours are in docs/runbooks.md. */
  runbook?: string | null;
  /** Alerts that tell nothing new while this one fires, and the labels that both have alike. */
  explains?: { alerts: readonly string[]; by: readonly string[] };
  /** The proof that it works, which promtool runs. */
  tests: RuleTest[];
}

export interface RuleGroup {
  name: string;
  rules: (RecordingRule | AlertRule)[];
}

export interface RuleFile {
  name: string;
  /** Spec that it comes from; null where it gathers many. */
  origin: string | null;
  groups: RuleGroup[];
  /** How often the tests evaluate; seldom where they span days, or they take minutes. */
  testEveryMinutes: number;
}

/** Whether an alert fires on made-up series, after so many minutes of one sample a minute. */
export interface RuleTest {
  name: string;
  /** Series in PromQL's own notation → values in promtool's (`0+60x200`). */
  series: Record<string, string>;
  afterMinutes: number;
  fires: boolean;
}

/** A file whose only group holds alerts; no group where there are none. */
export function alertFile(name: string, title: string, origin: string | null, alerts: AlertRule[]): RuleFile {
  return {
    name,
    origin,
    groups: alerts.length > 0 ? [{ name: `${title}: alerts`, rules: alerts }] : [],
    testEveryMinutes: 1,
  };
}

export const isAlert = (rule: RecordingRule | AlertRule): rule is AlertRule => 'alert' in rule;

/** Longer than Prometheus itself is ever away. */
const REMEMBERED = 7 * 86_400;

/** Remembers what was once so by looking at itself: what follows may last longer than any window. */
export function remembered(record: string, once: string, by: readonly string[], labels: Matchers = {}): RecordingRule {
  const before = `last_over_time(${over(record, labels, REMEMBERED)})`;
  return { record, expr: `max by (${by.join(', ')}) (${once} or ${before})`, labels: {} };
}

/** Series on which an alert must fire, and series on which it must not, looked at after the same time. */
export function firesAndNot(
  afterMinutes: number,
  fires: { name: string; series: RuleTest['series'] },
  quiet: { name: string; series: RuleTest['series'] },
): RuleTest[] {
  return [
    { ...fires, afterMinutes, fires: true },
    { ...quiet, afterMinutes, fires: false },
  ];
}

export const over = (metric: string, labels: Matchers, seconds: number): string =>
  `${promqlSelector(metric, labels)}[${promqlDuration(seconds)}]`;

export const number = promqlNumber;
export const selector = promqlSelector;
export const duration = promqlDuration;
export const percent = (share: number): string => `${Number((share * 100).toPrecision(6))} %`;
