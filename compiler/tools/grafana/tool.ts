import { hasServers } from '../../ir/look-up.ts';
import type { Tool } from '../tool.ts';
import { dashboardOf } from './dashboard.ts';
import { pagesOf } from './pages.ts';
import { server } from './workloads.ts';

/** Dashboards, the same everywhere; where Grafana runs, what provisions them. */
export const grafana = {
  name: 'grafana',
  emitCommon: (ir) => pagesOf(ir).map((page) => dashboardOf(page, ir)),
  workloads: (site) => (hasServers(site.environment) ? [server(site)] : []),
  ports: { grafana: { title: 'Grafana', usual: 3000, form: 'container' } },
  containers: () => ['grafana'],
} satisfies Tool;
