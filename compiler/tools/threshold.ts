import { type AlertRule, firesAndNot, number, type Severity, selector } from './rule.ts';

export interface Threshold {
  alert: string;
  metric: string;
  labels: Record<string, string>;
  /** Labels of the one series that promtool is shown, where the metric has more than the alert names. */
  shown?: Record<string, string>;
  sign: '>' | '<';
  limit: number;
  forSeconds: number;
  severity?: Severity;
  owner: string;
  subject: Record<string, string>;
  summary: string;
  description: string;
}

/** The monitor measures once a minute: an alert waits for a second measurement. */
export const MEASURED_AGAIN = 60;

/** A monitor that has measured nothing for so long does not work. */
export const MONITOR_STUCK = 900;

/** An alert on a gauge that passes a limit. */
export function threshold({ metric, labels, shown, sign, limit, severity = 'ticket', ...rest }: Threshold): AlertRule {
  const { alert, forSeconds, subject } = rest;
  const step = Math.max(Math.abs(limit) / 2, 0.001) * (sign === '>' ? 1 : -1);
  const minutes = Math.ceil(forSeconds / 60) + 10;
  const series = (value: number) => ({ [selector(metric, shown ?? labels)]: `${number(value)}x${minutes}` });
  const name = `${Object.values(subject).join(' ')}: ${alert}`;
  return {
    ...rest,
    expr: `${selector(metric, labels)} ${sign} ${number(limit)}`,
    severity,
    tests: firesAndNot(
      minutes,
      { name: `${name} fires`, series: series(limit + step) },
      { name: `${name} is quiet`, series: series(limit - step) },
    ),
  };
}
