import { SCRAPE_SECONDS } from '../../ir/metrics.ts';
import { addressOf, url } from '../../ir/parts.ts';
import type { Environment, Ir } from '../../ir/types.ts';
import { yaml } from '../../render/yaml.ts';
import type { Artifact, Tool } from '../tool.ts';
import { dashboardOf } from './dashboard.ts';
import { pagesOf } from './pages.ts';
import { PROMETHEUS } from './panels.ts';

/** Dashboards, the same everywhere; where Grafana runs (in containers), what provisions them. */
export const grafana = {
  name: 'grafana',
  emitCommon: (ir) => pagesOf(ir).map((page) => dashboardOf(page, ir)),
  emitEnvironment: (ir, environment) =>
    environment.runtime === 'compose' ? [datasources(environment), provider(ir, environment)] : [],
} satisfies Tool;

function datasources(environment: Environment): Artifact {
  const source = (name: string, type: string, part: 'prometheus' | 'alertmanager' | 'elasticsearch', rest: object) => ({
    name,
    uid: type,
    type,
    access: 'proxy',
    url: url(addressOf(environment, part)),
    editable: false,
    ...rest,
  });
  const sources = [
    // As often as Prometheus scrapes: `$__rate_interval` goes by it.
    {
      ...source('Prometheus', PROMETHEUS.type, 'prometheus', {}),
      isDefault: true,
      jsonData: { timeInterval: `${SCRAPE_SECONDS}s`, httpMethod: 'POST' },
    },
    { ...source('Alertmanager', 'alertmanager', 'alertmanager', {}), jsonData: { implementation: 'prometheus' } },
    {
      ...source('Logs', 'elasticsearch', 'elasticsearch', {}),
      jsonData: { index: 'logs-mlops.service-*', timeField: '@timestamp' },
    },
  ];
  return provisioning(environment, 'datasources/datasources.yml', { apiVersion: 1, prune: true, datasources: sources });
}

function provider({ platform }: Ir, environment: Environment): Artifact {
  const providers = [
    {
      name: 'mlops',
      type: 'file',
      folder: platform.name,
      folderUid: 'mlops',
      disableDeletion: false,
      // What somebody changed by hand would be gone with the next deploy.
      allowUiUpdates: false,
      updateIntervalSeconds: 30,
      options: { path: '/var/lib/grafana/dashboards' },
    },
  ];
  return provisioning(environment, 'dashboards/dashboards.yml', { apiVersion: 1, providers });
}

function provisioning({ name, origin }: Environment, path: string, content: Parameters<typeof yaml>[0]): Artifact {
  return {
    path: `${name}/grafana/provisioning/${path}`,
    content: `# Generated from ${origin.file}; do not edit.\n${yaml(content)}`,
    origin: origin.file,
  };
}
