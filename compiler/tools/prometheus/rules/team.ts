import type { Ir } from '../../../ir/types.ts';
import { type AlertRule, duration, type RuleFile } from '../../rule.ts';

/** What teams write themselves, with the tests that they state for it. */
export function teamFile({ alerts }: Ir): RuleFile {
  const rules = alerts.map(
    ({ name, expr, forSeconds, severity, owner, summary, runbook, tests }): AlertRule => ({
      alert: name,
      expr,
      forSeconds,
      severity,
      owner,
      subject: {},
      summary,
      description: '',
      runbook,
      tests: tests.map(({ name: stated, series, afterSeconds, fires }) => ({
        name: `${stated ?? name}: ${fires ? 'fires' : 'is silent'} after ${duration(afterSeconds)}`,
        series,
        afterMinutes: afterSeconds / 60,
        fires,
      })),
    }),
  );
  return { name: 'team', origin: null, groups: rules.length > 0 ? [{ name: 'team', rules }] : [], testEveryMinutes: 1 };
}
