import { parseAddress } from '../ir/address.ts';
import { named } from '../ir/look-up.ts';
import type { Ir } from '../ir/types.ts';

/** Who answers for an object: the owner of what it lies in; a table's is its writer's. Null where nobody is named. */
export function ownerOf(address: string, ir: Ir): string | null {
  for (const { kind, name = '' } of parseAddress(address) ?? []) {
    if (kind === 'entity') return named(ir.entities, name)?.owner ?? null;
    if (kind === 'feature_view' || kind === 'consumer') return named(ir.featureViews, name)?.owner ?? null;
    if (kind === 'model' || kind === 'service') return named(ir.models, name)?.owner ?? null;
    if (kind === 'pipeline') return named(ir.pipelines, name)?.owner ?? null;
    if (kind === 'alert') return named(ir.alerts, name)?.owner ?? null;
    if (kind === 'table') return named(ir.pipelines, named(ir.tables, name)?.writer?.pipeline ?? '')?.owner ?? null;
  }
  return null;
}
