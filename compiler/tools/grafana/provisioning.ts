/** What Grafana reads when it starts: where it gets its data, and which dashboards it shows. */
import { SCRAPE_SECONDS } from '../../ir/metrics.ts';
import type { Environment } from '../../ir/types.ts';
import type { Artifact } from '../../render/artifact.ts';
import { yaml } from '../../render/yaml.ts';
import { type Site, url } from '../host.ts';
import { PROMETHEUS } from './panels.ts';

export function datasources({ environment, host }: Site): Artifact {
  const source = (name: string, type: string, part: 'prometheus' | 'alertmanager' | 'elasticsearch', rest: object) => ({
    name,
    uid: type,
    type,
    access: 'proxy',
    url: url(host.address(part)),
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

export function provider({ ir, environment }: Site): Artifact {
  const providers = [
    {
      name: 'mlops',
      type: 'file',
      folder: ir.platform.name,
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
