import { hasServers } from '../../ir/look-up.ts';
import type { Tool } from '../tool.ts';
import { dashboardOf } from './dashboard.ts';
import { featuresPage } from './pages/features.ts';
import { platformPage } from './pages/platform.ts';
import { teamPage } from './pages/team.ts';
import { viewPage } from './pages/view.ts';
import { server } from './workloads.ts';

/** Dashboards, the same everywhere; where Grafana runs, what provisions them. */
export const grafana = {
  name: 'grafana',
  emitCommon: (ir, { pages }) => pages.map((page) => dashboardOf(page, ir)),
  pages: (ir) => [platformPage(ir), featuresPage(ir), ...ir.featureViews.map(viewPage), ...ir.dashboards.map(teamPage)],
  titles: /^(Features|(Platform|Feature view) .+)$/i,
  workloads: (site) => (hasServers(site.environment) ? [server(site)] : []),
  ports: { grafana: { title: 'Grafana', usual: 3000, form: 'container' } },
  containers: () => ['grafana'],
  volumes: ['grafana'],
} satisfies Tool;
