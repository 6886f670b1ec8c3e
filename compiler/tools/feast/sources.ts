import { ofTable } from '../../ir/look-up.ts';
import type { FeatureView, Ir } from '../../ir/types.ts';

export interface Source {
  name: string;
  table: string;
  timestamp: string;
  created: string | null;
  file: string;
}

/** One source per table, and another one where a view reads the table by other time columns. */
export function sources(ir: Ir): Source[] {
  const byName = new Map(ir.featureViews.map((view) => [sourceName(view, ir), sourceOf(view, ir)]));
  return [...byName.values()];
}

export function sourceName(view: FeatureView, ir: Ir): string {
  const first = ofTable(ir.featureViews, view.batch.table) ?? view;
  const same = first.batch.timestamp === view.batch.timestamp && first.batch.created === view.batch.created;
  return same ? view.batch.table : `${view.batch.table}__${view.name}`;
}

function sourceOf(view: FeatureView, ir: Ir): Source {
  return { ...view.batch, name: sourceName(view, ir), file: `${view.batch.table}.parquet` };
}
