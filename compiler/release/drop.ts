/** Data is dropped by name alone, where nothing needs it, and last: nothing brings it back. */
import { nearest } from '../diagnostics/nearest.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { inStage, type Progress } from '../operate/progress.ts';
import { atRelease } from '../operate/releases.ts';
import { liveSupervisor } from '../operate/supervisor/run-state.ts';
import type { Workspace } from '../operate/workspace.ts';
import { amountOf, type LeftData, lineOf, neededBy } from '../tools/data.ts';
import type { At } from './boundaries.ts';
import { liveContext } from './context.ts';
import { askedIn, type Holdings, type Left, leftBeside } from './data.ts';
import { attempts, recordDrop } from './ledger.ts';

/** Fails where one of them may not be dropped once `to` is deployed. Changes nothing. Says what will be. */
export async function requireDroppable(
  to: Workspace,
  say: (line: string) => void,
  { addresses, all }: { addresses: readonly string[]; all: Holdings },
): Promise<LeftData[]> {
  if (addresses.length === 0) return [];
  const { environment } = to;
  if (liveSupervisor(to) === null)
    throw new OperationError(
      `Nothing runs on '${environment}', so its stores cannot be asked what they hold, and no data is dropped: ` +
        `\`mlops up --env ${environment}\`, then ask again. Nothing was changed.`,
    );
  const left = await leftBeside(to, all, addresses);
  const problems = addresses.flatMap((address) => why(address, left, new Set(addresses)));
  if (problems.length > 0)
    throw new OperationError(
      `What --drop-data names is not dropped:\n${problems.map((each) => `  ${each}\n`).join('')}  Nothing was changed.`,
      1,
    );
  const dropped = left.found.filter(({ drop }) => drop);
  for (const each of dropped) say(lineOf(each));
  return dropped;
}

function why(address: string, { asked, candidates, found }: Left, dropped: ReadonlySet<string>): string[] {
  if (asked.has(address)) return [`${address} is asked for by what is deployed: take it out of the specs first.`];
  if (!candidates.includes(address)) {
    const near = nearest(address, candidates);
    const hint = near ? `; did you mean ${near}?` : '.';
    return [`${address} was asked for by no release, so it is somebody else's, or a slip${hint}`];
  }
  const held = found.find((each) => each.address === address);
  return held === undefined ? [] : neededBy(held, dropped).map((each) => `${address}: ${each}`);
}

/** After everything else: what fails here is told, and undoes nothing. Returns what was done, and why it stopped. */
export async function dropData(
  checkout: Workspace,
  progress: Progress,
  { id, to, addresses, all, at }: { id: number; to: string; addresses: readonly string[]; all: Holdings; at: At },
): Promise<{ results: Record<string, string>; problem: string | null }> {
  if (addresses.length === 0) return { results: {}, problem: null };
  const workspace = atRelease(checkout, to);
  const done: string[] = [];
  try {
    const left = await leftBeside(workspace, all, addresses);
    // What reads another is named before it, as the kinds are.
    const inOrder = all.kinds.flatMap(({ kind }) => addresses.filter((each) => each.startsWith(`${kind}:`)));
    for (const address of inOrder) {
      const [no] = why(address, left, new Set(addresses));
      if (no !== undefined) throw new OperationError(no, 1);
      const found = left.found.find((each) => each.address === address);
      const held = found === undefined ? 'nothing was left of it' : amountOf(found);
      recordDrop(checkout, id, { address, held });
      at('dropping', address);
      const work = (note: (text: string) => void) => all.drop(liveContext(workspace, note), address);
      await inStage(progress, `Dropping ${address}`, work, () => held);
      at('dropped', address);
      done.push(`dropped ${address} (${held})`);
    }
    return { results: { data: done.join('; ') }, problem: null };
  } catch (problem) {
    if (!(problem instanceof OperationError)) throw problem;
    progress.fail();
    const again = addresses.map((each) => ` --drop-data ${each}`).join('');
    return {
      results: { data: done.join('; ') },
      problem:
        `Release ${to} is deployed, and not all data is dropped: ${problem.message}\n  Once the cause is gone, ` +
        `\`mlops deploy --env ${checkout.environment}${again}\` drops what is left of it.`,
    };
  }
}

/** What was dropped since a release ran last, and it asks for. */
export function sayMissing(checkout: Workspace, to: string, progress: Progress, { kinds }: Holdings): void {
  const all = attempts(checkout);
  const since = all.slice(all.findLastIndex((each) => each.to === to && each.ended?.outcome === 'done') + 1);
  const asked = new Set(askedIn(atRelease(checkout, to), kinds));
  for (const { dropped, at, by } of since)
    for (const [address, held] of Object.entries(dropped).filter(([each]) => asked.has(each)))
      progress.line(
        `data: ${address} (${held}) was dropped ${at.slice(0, 16).replace('T', ' ')} UTC by ${by}, and ` +
          `release ${to} asks for it again: nothing but a backup brings it back.`,
      );
}
