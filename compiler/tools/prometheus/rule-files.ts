/** Rules and their tests, as Prometheus and promtool read them. */
import type { Artifact } from '../../render/artifact.ts';
import { yaml } from '../../render/yaml.ts';
import { type AlertRule, duration, isAlert, type RecordingRule, type RuleFile, type RuleTest } from '../rule.ts';

export const ruleArtifacts = (files: readonly RuleFile[]): Artifact[] =>
  files.filter(({ groups }) => groups.length > 0).flatMap((file) => [rules(file), ...tests(file)]);

const header = (origin: string | null): string => `# Generated from ${origin ?? 'the specs'}; do not edit.\n`;

function rules(file: RuleFile): Artifact {
  const groups = file.groups.map(({ name, rules: all }) => ({ name, rules: all.map(ruleYaml) }));
  return {
    path: `common/prometheus/rules/${file.name}.yml`,
    content: header(file.origin) + yaml({ groups }),
    origin: file.origin,
  };
}

function ruleYaml(rule: RecordingRule | AlertRule) {
  if (!isAlert(rule)) return { record: rule.record, expr: rule.expr, labels: rule.labels };
  const { alert, expr, forSeconds, summary, description, runbook } = rule;
  const annotations = { summary, ...(description === '' ? {} : { description }), ...runbookOf(alert, runbook) };
  return {
    alert,
    expr,
    ...(forSeconds > 0 ? { for: `${forSeconds}s` } : {}),
    labels: labelsOf(rule),
    annotations,
  };
}

const labelsOf = ({ severity, owner, subject }: AlertRule) => ({ severity, owner, ...subject });

/** In the repository, beside what raised it. */
const runbookOf = (alert: string, own: string | null | undefined): { runbook?: string } =>
  own === null ? {} : { runbook: own ?? `docs/runbooks.md#${alert.toLowerCase()}` };

function tests({ name, origin, groups, testEveryMinutes }: RuleFile): Artifact[] {
  const alerts = groups.flatMap((group) => group.rules.filter(isAlert));
  const found = alerts.flatMap((alert) => alert.tests.map((test) => testYaml(alert, test)));
  if (found.length === 0) return [];
  const content = yaml({
    rule_files: [`../rules/${name}.yml`],
    evaluation_interval: `${testEveryMinutes}m`,
    tests: found,
  });
  return [{ path: `common/prometheus/tests/${name}.yml`, content: header(origin) + content, origin }];
}

function testYaml({ alert }: AlertRule, { name, series, afterMinutes, fires }: RuleTest) {
  return {
    name,
    interval: '1m',
    input_series: Object.entries(series).map(([selector, values]) => ({ series: selector, values })),
    // promtool compares all labels; a sum has none but the rule's own.
    promql_expr_test: [
      {
        expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) > bool 0 or vector(0)`,
        eval_time: duration(afterMinutes * 60),
        exp_samples: [{ labels: '{}', value: fires ? 1 : 0 }],
      },
    ],
  };
}
