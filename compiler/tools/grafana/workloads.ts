import type { Site } from '../host.ts';
import { IMAGES } from '../images.ts';
import type { Workload } from '../workload.ts';
import { datasources, provider } from './provisioning.ts';

/** There is no such package for a machine: dashboards are in `generated/common/grafana` for who has one. */
export function server(site: Site): Workload {
  const { environment, host } = site;
  const folder = `${environment.name}/grafana`;
  return {
    name: 'grafana',
    port: { part: 'grafana' },
    health: { http: '/api/health' },
    needs: { prometheus: 'healthy' },
    container: {
      image: IMAGES.grafana.image,
      hardened: true,
      // `logs`: it shows what the index holds.
      networks: ['monitoring', 'logs'],
      probe: 'wget',
      variables: {
        GF_SECURITY_ADMIN_PASSWORD__FILE: host.secretFile('grafana'),
        GF_SERVER_HTTP_PORT: String(host.listen('grafana').port),
        GF_ANALYTICS_REPORTING_ENABLED: 'false',
        GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
        GF_PLUGINS_PREINSTALL_DISABLED: 'true',
      },
      secrets: ['grafana'],
      mounts: [
        { generated: `${folder}/provisioning`, at: '/etc/grafana/provisioning' },
        { volume: 'grafana', at: '/var/lib/grafana' },
        { generated: 'common/grafana/dashboards', at: '/var/lib/grafana/dashboards' },
      ],
      scratch: ['/tmp'],
      open: 'loopback',
      // Dashboards it reads again by itself.
      reads: [`generated/${folder}`],
      files: () => [datasources(site), provider(site)],
      megabytes: 512,
      cpus: 1,
    },
  };
}
