/** What Prometheus scrapes in an environment, and where. */
import { SCRAPE_SECONDS } from '../../ir/metrics.ts';
import type { Artifact } from '../../render/artifact.ts';
import { yaml } from '../../render/yaml.ts';
import type { Address, Site } from '../host.ts';
import type { Running } from '../workload.ts';

const INTERVAL = `${SCRAPE_SECONDS}s`;

// Aliases, not interfaces: these become YAML as they are.
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

const at = ({ host, port }: Address): string => `${host}:${port}`;

/** A job per name, and in it an entry per set of labels, in the order of the workloads. */
function jobsOf(all: readonly Running[]): ScrapeJob[] {
  const jobs = new Map<string, ScrapeJob>();
  const entries = new Map<string, StaticConfig>();
  for (const { workload, addresses } of all) {
    if (!workload.metrics) continue;
    const { job, labels, path, scheme } = workload.metrics;
    const key = JSON.stringify([job, labels]);
    const known = entries.get(key);
    if (known) known.targets.push(...addresses.map(at));
    else {
      const entry = { targets: addresses.map(at), ...(labels && { labels }) };
      entries.set(key, entry);
      const rest = { ...(scheme && { scheme }), ...(path && { metrics_path: path }) };
      const found = jobs.get(job) ?? { job_name: job, ...rest, static_configs: [] };
      jobs.set(job, found);
      found.static_configs.push(entry);
    }
  }
  return [...jobs.values()];
}

export function configuration({ ir, environment, host }: Site, all: readonly Running[]): Artifact {
  const content = yaml({
    global: {
      scrape_interval: INTERVAL,
      scrape_timeout: '10s',
      evaluation_interval: INTERVAL,
      external_labels: { environment: environment.name, platform: ir.platform.name },
    },
    rule_files: ['../../common/prometheus/rules/*.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [at(host.address('alertmanager'))] }] }] },
    scrape_configs: jobsOf(all),
  });
  return {
    path: `${environment.name}/prometheus/prometheus.yml`,
    content: `# Generated from ${environment.origin.file}; do not edit.\n${content}`,
    origin: environment.origin.file,
  };
}
