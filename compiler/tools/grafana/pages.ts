import type { Ir } from '../../ir/types.ts';
import type { Page } from './dashboard.ts';
import { apiPage } from './pages/api.ts';
import { featuresPage } from './pages/features.ts';
import { modelPage } from './pages/model.ts';
import { pipelinesPage } from './pages/pipelines.ts';
import { platformPage } from './pages/platform.ts';
import { teamPage } from './pages/team.ts';
import { viewPage } from './pages/view.ts';

/** The dashboards that an IR asks for. Their limits come from where the alerts have theirs. */
export function pagesOf(ir: Ir): Page[] {
  return [
    platformPage(ir),
    pipelinesPage(),
    featuresPage(ir),
    ...ir.featureViews.map(viewPage),
    ...ir.models.map(modelPage),
    ...ir.models.filter(({ online }) => online !== null).map(apiPage),
    ...ir.dashboards.map(teamPage),
  ];
}
