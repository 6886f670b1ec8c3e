import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { OWN_LOGS } from '../ir/monitoring.ts';
import { keyAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({}, { SPC013: specCodes.SPC013 });

/** Names that would overwrite the platform's own files below generated/. */
export const ownNames: Check = { codes, run: (graph) => [...environments(graph), ...logIndices(graph)] };

function environments({ platform }: Graph): Finding[] {
  if (!Object.hasOwn(platform.value.environments, 'common')) return [];
  const message = "No environment can be called 'common': that is the folder for what all environments share.";
  return [finding('SPC013', keyAt(platform, 'environments', 'common'), message, { help: 'choose another name' })];
}

function logIndices({ monitorings }: Graph): Finding[] {
  const message = `'${OWN_LOGS.template}' is the template of the platform's own logs.`;
  return [...monitorings.values()]
    .filter(({ value }) => Object.hasOwn(value.log_indices ?? {}, OWN_LOGS.template))
    .map((spec) =>
      finding('SPC013', keyAt(spec, 'log_indices', OWN_LOGS.template), message, { help: 'choose another name' }),
    );
}
