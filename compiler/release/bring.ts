/** One tool, brought to what was compiled: observe, compare, apply what differs, observe again. */
import { OperationError } from '../diagnostics/operation-error.ts';
import { type Change, describe, differences } from '../diff/compare.ts';
import type { State } from '../diff/state.ts';
import { type Applied, eventually, type Live, type LiveSide } from '../tools/live.ts';

export interface Brought {
  /** What was applied; empty where nothing differed. */
  changes: Change[];
  /** What was left to people, and why; by address. */
  left: Record<string, string>;
  /** What was done and what is there, in a few words. */
  summary: string;
}

const NOTHING: Applied = { done: 'nothing changed' };

export async function bring(side: LiveSide, live: Live): Promise<Brought> {
  live.note('comparing');
  const [desired, observed] = await Promise.all([side.desired(live), side.observe(live)]);
  const found = differences(desired, observed);
  if (found.length > 0) live.note(`applying ${found.length === 1 ? 'one change' : `${found.length} changes`}`);
  const { done, left = {} } = found.length === 0 ? NOTHING : await side.apply(live, found);
  const reached = found.length === 0 ? observed : await observedAs(side, live, desired, left);
  live.note('checking');
  const there = await side.check(live, reached);
  const leftover = Object.entries(left).map(([address, why]) => `left ${address}: ${why}`);
  return {
    changes: found.filter(({ address }) => !(address in left)),
    left,
    summary: [done, ...leftover, there].filter(Boolean).join('; '),
  };
}

/** What the tool says for itself, once it is as desired. */
async function observedAs(side: LiveSide, live: Live, desired: State, left: Record<string, string>): Promise<State> {
  let observed: State = new Map();
  const problem = await eventually(side.patience, async () => {
    observed = await side.observe(live);
    const still = differences(desired, observed).filter(({ address }) => !(address in left));
    return still.length === 0 ? null : still.map(describe).join('; ');
  });
  if (problem !== null) throw new OperationError(`it did not become what was asked for: ${problem}.`, 1);
  return observed;
}
