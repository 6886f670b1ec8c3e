import type { OwnDashboard } from '../../../ir/types.ts';
import { all, home, lines, type Page } from '../../page.ts';

/** A team's own dashboard, as it states it. */
export function teamPage({ name, uid, title, description, panels, origin }: OwnDashboard): Page {
  const shown = panels.map((panel) =>
    lines({ title: panel.title, description: panel.expr, unit: panel.unit, queries: all(panel.expr, '') }),
  );
  return {
    kind: 'team',
    name,
    uid,
    title,
    description,
    origin: origin.file,
    links: [home],
    rows: [{ title, panels: shown }],
  };
}
