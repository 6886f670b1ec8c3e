/** Champions that are live, as the last deploy recorded them, beside what the specs give their models. */
import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Champions, needs, outdated, way } from '../diff/champions.ts';
import type { Model } from '../ir/types.ts';
import { keyAt } from './declared.ts';
import type { Graph } from './graph.ts';

export const { codes, finding } = defineCodes({
  FEA013: {
    severity: 'error',
    title: 'A live version needs an input that its model no longer has',
    why: 'From the deploy on its API would answer nothing, and nothing would be scored.',
    example: 'features: [load.order_count], renamed while the version that serves was trained on load.orders',
    fix: 'Train a version with the new inputs first; deploy when it is champion.',
  },
});

/** `deployed` has the champions by environment. */
export function liveChampions(
  { models: declared }: Graph,
  models: readonly Model[],
  deployed: ReadonlyMap<string, Champions>,
): Finding[] {
  const served = models.filter(({ online, batch }) => online !== null || batch !== null);
  return [...deployed].flatMap(([environment, champions]) =>
    outdated(served, champions).flatMap((each) => {
      const model = declared.get(each.model);
      if (!model) return [];
      return [
        finding('FEA013', keyAt(model, 'features'), needs(each, environment), { help: way(each.model, environment) }),
      ];
    }),
  );
}
