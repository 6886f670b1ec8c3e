import type { AlertRule, RuleFile } from '../rule.ts';

/** A file whose only group holds alerts; no group where there are none. */
export function alertFile(name: string, title: string, origin: string | null, alerts: AlertRule[]): RuleFile {
  return {
    name,
    origin,
    groups: alerts.length > 0 ? [{ name: `${title}: alerts`, rules: alerts }] : [],
    testEveryMinutes: 1,
  };
}
