/** A backup before anything changes. How one is made knows who asks for it. */
import { inStage, type Progress } from '../operate/progress.ts';
import { currentRelease } from '../operate/releases.ts';
import type { Workspace } from '../operate/workspace.ts';

export interface MadeBefore {
  id: string;
  folder: string;
  encrypted: boolean;
}

/** Called by who holds the environment's lock. */
export type BackUp = (checkout: Workspace) => Promise<MadeBefore>;

/** Null where none is asked for, and where nothing was released yet. */
export async function backedUp(
  checkout: Workspace,
  progress: Progress,
  backUp: BackUp | null,
): Promise<MadeBefore | null> {
  if (backUp === null) return null;
  if (currentRelease(checkout) === null) {
    progress.line(`Nothing was released to '${checkout.environment}' yet, so there is nothing to back up.`);
    return null;
  }
  const shown = ({ id, encrypted }: MadeBefore) => `${id}${encrypted ? ', encrypted' : ''}`;
  return inStage(progress, 'Backup', () => backUp(checkout), shown);
}
