import type { Ir } from '../../../ir/types.ts';
import type { AlertRule, RuleFile } from '../../rule.ts';

/** What teams write themselves; promtool checks it, and its tests are the teams' own. */
export function teamFile({ alerts }: Ir): RuleFile {
  const rules = alerts.map(
    ({ name, expr, forSeconds, severity, owner, summary, runbook }): AlertRule => ({
      alert: name,
      expr,
      forSeconds,
      severity,
      owner,
      subject: {},
      summary,
      description: '',
      runbook,
      tests: [],
    }),
  );
  return { name: 'team', origin: null, groups: rules.length > 0 ? [{ name: 'team', rules }] : [], testEveryMinutes: 1 };
}
