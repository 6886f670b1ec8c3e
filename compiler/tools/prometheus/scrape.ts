/** What Prometheus scrapes in an environment, and where. */
import { SCRAPE_SECONDS } from '../../ir/metrics.ts';
import { type Address, addressOf, consumerAddress, serviceAddresses, trialAddresses } from '../../ir/parts.ts';
import type { Environment, Ir } from '../../ir/types.ts';
import { yaml } from '../../render/yaml.ts';
import type { Artifact } from '../tool.ts';

const INTERVAL = `${SCRAPE_SECONDS}s`;

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

export function configuration(ir: Ir, environment: Environment): Artifact {
  const at = ({ host, port }: Address): string => `${host}:${port}`;
  const job = (job_name: string, static_configs: StaticConfig[]): ScrapeJob => ({ job_name, static_configs });
  const jobs = [
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
    job('monitor', [{ targets: [at(addressOf(environment, 'monitor'))] }]),
    job('prometheus', [{ targets: [at(addressOf(environment, 'prometheus'))] }]),
    job('alertmanager', [{ targets: [at(addressOf(environment, 'alertmanager'))] }]),
    job('node', [{ targets: [at(addressOf(environment, 'node_exporter'))] }]),
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
    content: `# Generated from ${environment.origin.file}; do not edit.\n${content}`,
    origin: environment.origin.file,
  };
}
