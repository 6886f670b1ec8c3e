/** Releases that nobody needs any more leave: what runs, what a run began on, and what a rollback may want stays. */
import { readdirSync, readFileSync, readlinkSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { keptApis } from '../operate/kept-apis.ts';
import { hasProc } from '../operate/machine/process-table.ts';
import type { Progress } from '../operate/progress.ts';
import { atCurrent, currentRelease, knownReleases, releaseFolder, releasesOf } from '../operate/releases.ts';
import { ours } from '../operate/supervisor/ours.ts';
import type { Workspace } from '../operate/workspace.ts';
import type { Live, LiveSide } from '../tools/live.ts';
import { liveContext } from './context.ts';
import { attempts } from './ledger.ts';

/** Of those that ran last, the current one included. */
export const KEPT = 5;

const GONE = '.gone-';

/** Says it. Never fails a deploy that is done. */
export async function retire(checkout: Workspace, progress: Progress, sides: readonly LiveSide[]): Promise<void> {
  const { left, problem } = await retireReleases(
    checkout,
    sides,
    liveContext(atCurrent(checkout), () => {}),
  );
  if (left.length > 0) progress.line(`Releases that nothing needs have left: ${left.join(', ')}.`);
  if (problem !== null) progress.line(`Old releases stay, as it is not known which are needed: ${problem}`);
}

/** Whoever calls holds the environment's lock. Returns those that left; without a word of every tool none does. */
async function retireReleases(
  workspace: Workspace,
  sides: readonly LiveSide[],
  live: Live,
): Promise<{ left: string[]; problem: string | null }> {
  removeHalves(workspace);
  const wanted = new Set([...lastOnes(workspace), currentRelease(workspace), ...Object.values(keptApis(workspace))]);
  const old = knownReleases(workspace).filter((id) => !wanted.has(id));
  if (old.length === 0) return { left: [], problem: null };
  // Where processes cannot be looked at, one may run on any of them.
  if (!hasProc) return { left: [], problem: 'this system does not tell which of them processes run on' };
  try {
    const asked = sides.filter((side) => side.releasesInUse && side.isIn(live));
    const named = await Promise.all(asked.map((side) => side.releasesInUse?.(live) ?? []));
    const used = new Set([...named.flat(), ...usedByProcesses(workspace)]);
    const left = old.filter((id) => !used.has(id));
    for (const id of left) remove(workspace, id);
    return { left, problem: null };
  } catch (problem) {
    // A disk may refuse it, too.
    if (!(problem instanceof OperationError || (problem instanceof Error && 'code' in problem))) throw problem;
    return { left: [], problem: problem.message };
  }
}

/** What deploys led to, or came from, the newest first. */
function lastOnes(workspace: Workspace): string[] {
  const ran = attempts(workspace)
    .toReversed()
    .flatMap(({ from, to, ended }) => (ended?.outcome === 'done' ? [to, from] : [from]));
  return [...new Set(ran.filter((id): id is string => id !== null))].slice(0, KEPT);
}

/** By their folders, commands and variables. */
function usedByProcesses(workspace: Workspace): string[] {
  return ours(workspace).flatMap(({ pid }) => {
    const texts = [
      () => readlinkSync(`/proc/${pid}/cwd`),
      () => readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
      () => readFileSync(`/proc/${pid}/environ`, 'utf8'),
    ].map(readable);
    return [...texts.join('\n').matchAll(/\/releases\/([0-9a-f]{12})\b/g)].map(([, id]) => id ?? '');
  });
}

function readable(read: () => string): string {
  try {
    return read();
  } catch {
    return ''; // it has ended, or is another user's, who has no part in releases
  }
}

/** Nobody sees a half of it: it has another name first. */
function remove(workspace: Workspace, id: string): void {
  const aside = join(releasesOf(workspace), `${GONE}${id}`);
  renameSync(releaseFolder(workspace, id), aside);
  rmSync(aside, { recursive: true, force: true });
}

/** Of those that were killed while they removed one. */
function removeHalves(workspace: Workspace): void {
  for (const name of readdirSync(releasesOf(workspace)))
    if (name.startsWith(GONE)) rmSync(join(releasesOf(workspace), name), { recursive: true, force: true });
}
