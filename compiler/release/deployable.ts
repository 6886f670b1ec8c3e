/** Whether a deploy is what was agreed to, and may drop what it is to drop. Changes nothing. */
import { runsInContainers } from '../operate/containers/contract.ts';
import { inStage, type Progress } from '../operate/progress.ts';
import { atRelease, currentRelease } from '../operate/releases.ts';
import { requireCompiled, type Workspace } from '../operate/workspace.ts';
import type { LiveSide } from '../tools/live.ts';
import { type Approved, requireAsApproved, requireNoDrift, requireSameData } from './approved.ts';
import { type Holdings, holdings } from './data.ts';
import { requireDroppable } from './drop.ts';
import { type Attempt, unfinished } from './ledger.ts';
import { wouldBecome } from './make.ts';
import { liveSides } from './registry.ts';

interface Expected {
  /** Null where nobody was asked. */
  approved: Approved | null;
  sides: readonly LiveSide[];
  /** Also where somebody has changed what was deployed since. */
  withDrift: boolean;
  to: string;
  open: Attempt | null;
  /** Addresses of data. */
  dropping: readonly string[];
  data: Holdings;
  /** Where `to` lies; it may not be made yet. */
  compiled?: Workspace;
}

export async function requireAgreed(checkout: Workspace, progress: Progress, expected: Expected): Promise<void> {
  const { approved, to, open, dropping, data, compiled = atRelease(checkout, to) } = expected;
  if (approved !== null) await asApproved(checkout, progress, { ...expected, approved });
  const dropped = await requireDroppable(compiled, progress.line, { addresses: dropping, all: data });
  if (approved !== null) requireSameData(checkout, approved, { dropping, dropped, open });
}

/** Of the checkout, whether it would be carried out now. */
export async function requireDeployable(
  checkout: Workspace,
  progress: Progress,
  wanted: Partial<Expected> & { approved: Approved },
): Promise<void> {
  requireCompiled(checkout);
  const { to } = wouldBecome(checkout);
  const usual = { sides: liveSides, withDrift: false, dropping: [], data: holdings };
  await requireAgreed(checkout, progress, { ...usual, ...wanted, to, open: unfinished(checkout), compiled: checkout });
}

async function asApproved(
  checkout: Workspace,
  progress: Progress,
  { approved, to, open, sides, withDrift }: Expected & { approved: Approved },
): Promise<void> {
  requireAsApproved(checkout, approved, to, open);
  if (runsInContainers(checkout))
    return progress.line('What somebody changed by hand in tools that run in containers is not looked for.');
  if (withDrift || open !== null || currentRelease(checkout) === to) return;
  const work = () => requireNoDrift(checkout, sides);
  await inStage(progress, 'Plan', work, () => `${approved.digest.slice(0, 12)}, what runs is what it was made for`);
}
