import {
  type Address,
  addressOf,
  consumerAddress,
  hasServers,
  SCRAPE_SECONDS,
  serviceAddresses,
  trialAddresses,
} from '../../ir/parts.ts';
import type { Environment, Ir } from '../../ir/types.ts';
import { yaml } from '../../render/yaml.ts';
import type { Artifact, Tool } from '../tool.ts';
import { ruleFiles } from './files.ts';
import { live } from './live.ts';
import { type AlertRule, isAlert, type RecordingRule, type RuleFile, type RuleTest } from './rule.ts';

/** Rules and their tests, the same everywhere; what is scraped, and where, in each environment with servers. */
export const prometheus = {
  name: 'prometheus',
  emitCommon: (ir) =>
    ruleFiles(ir).flatMap((file) => (file.tests.length > 0 ? [rules(file), tests(file)] : [rules(file)])),
  emitEnvironment: (ir, environment) => (hasServers(environment) ? [configuration(ir, environment)] : []),
  live,
} satisfies Tool;

const header = (origin: string | null): string => `# Generated from ${origin ?? 'the specs'}; do not edit.\n`;

const INTERVAL = `${SCRAPE_SECONDS}s`;

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

function tests(file: RuleFile): Artifact {
  const content = yaml({
    rule_files: [`../rules/${file.name}.yml`],
    evaluation_interval: `${file.testEveryMinutes}m`,
    tests: file.tests.map(testYaml),
  });
  return {
    path: `common/prometheus/tests/${file.name}.yml`,
    content: header(file.origin) + content,
    origin: file.origin,
  };
}

function testYaml({ name, series, afterMinutes, alert, fires }: RuleTest) {
  return {
    name,
    interval: '1m',
    input_series: Object.entries(series).map(([selector, values]) => ({ series: selector, values })),
    // promtool compares all labels; a sum has none but the rule's own.
    promql_expr_test: [
      {
        expr: `count(ALERTS{alertname="${alert.alert}",alertstate="firing"}) or vector(0)`,
        eval_time: `${afterMinutes}m`,
        exp_samples: [{ labels: '{}', value: fires ? 1 : 0 }],
      },
    ],
  };
}

// An alias, not an interface: it becomes YAML as it is.
type StaticConfig = {
  targets: string[];
  labels?: Record<string, string>;
};

type ScrapeJob = {
  job_name: string;
  scheme?: string;
  metrics_path?: string;
  static_configs: StaticConfig[];
};

/** A team's own container that has metrics is a job of its own. */
const ownJobs = ({ containers }: Environment): ScrapeJob[] =>
  containers.flatMap(({ name, port, metrics, tls }) =>
    metrics === null || port === null
      ? []
      : [
          {
            job_name: `service-${name}`,
            ...(tls ? { scheme: 'https' } : {}),
            metrics_path: metrics,
            static_configs: [{ targets: [`${name}:${port}`] }],
          },
        ],
  );

function configuration(ir: Ir, environment: Environment): Artifact {
  const at = ({ host, port }: Address): string => `${host}:${port}`;
  const job = (job_name: string, static_configs: StaticConfig[]): ScrapeJob => ({ job_name, static_configs });
  const jobs = [
    job('prometheus', [{ targets: [at(addressOf(environment, 'prometheus'))] }]),
    job('alertmanager', [{ targets: [at(addressOf(environment, 'alertmanager'))] }]),
    job('monitor', [{ targets: [at(addressOf(environment, 'monitor'))] }]),
    job('node', [{ targets: [at(addressOf(environment, 'node_exporter'))] }]),
    job(
      'serving',
      environment.services.map(({ model }) => ({
        targets: [...serviceAddresses(environment, model), ...trialAddresses(environment, model)].map(at),
        labels: { model },
      })),
    ),
    job(
      'stream',
      environment.consumers.map(({ view }) => ({
        targets: [at(consumerAddress(environment, view))],
        labels: { view },
      })),
    ),
    ...ownJobs(environment),
  ];
  const content = yaml({
    global: {
      scrape_interval: INTERVAL,
      scrape_timeout: '10s',
      evaluation_interval: INTERVAL,
      external_labels: { environment: environment.name, platform: ir.platform.name },
    },
    rule_files: ['../../common/prometheus/rules/*.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [at(addressOf(environment, 'alertmanager'))] }] }] },
    scrape_configs: jobs.filter(({ static_configs }) => static_configs.length > 0),
  });
  return {
    path: `${environment.name}/prometheus/prometheus.yml`,
    content: header(environment.origin.file) + content,
    origin: environment.origin.file,
  };
}
