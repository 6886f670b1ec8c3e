/** Who uses what: questions that several rules ask. */
import { parseAddress } from '../../ir/address.ts';
import type { Addressed, Ir } from '../../ir/types.ts';

/** Names of the models that have the feature among their inputs. */
export function modelsWith(feature: Addressed, ir: Ir): string[] {
  const [view, own] = parseAddress(feature.address) ?? [];
  return ir.models
    .filter(({ features }) => features.some((each) => each.view === view?.name && each.feature === own?.name))
    .map(({ name }) => name);
}

/** Names of the models that use any feature of the view. */
export const modelsOf = (view: string, ir: Ir): string[] =>
  ir.models.filter(({ features }) => features.some((each) => each.view === view)).map(({ name }) => name);
