/** What a deploy is asked for beside the release, and whether the environment can have it. */
import { OperationError } from '../diagnostics/operation-error.ts';
import { runsInContainers } from '../operate/containers/contract.ts';
import type { Workspace } from '../operate/workspace.ts';

interface Asked {
  part?: unknown;
  watch?: number;
  keeping?: readonly string[];
  backUp?: unknown;
  dropping?: readonly string[];
}

/** Of containers no tool is looked at or backed up, so nothing is promised that would rest on that. */
export function requirePossible(checkout: Workspace, wanted: Asked): void {
  if (!runsInContainers(checkout)) return;
  const { part, watch = 0, keeping = [], backUp = null, dropping = [] } = wanted;
  const asked = {
    '--only': part !== undefined,
    '--watch': watch > 0,
    '--keep-api': keeping.length > 0,
    '--backup-to': backUp !== null,
    '--drop-data': dropping.length > 0,
  };
  const names = Object.entries(asked).flatMap(([name, isAsked]) => (isAsked ? [name] : []));
  if (names.length > 0)
    throw new OperationError(
      `'${checkout.environment}' runs in containers, and ${names.join(' and ')} is not there for those yet: deploy ` +
        'without. Nothing was changed.',
    );
}
