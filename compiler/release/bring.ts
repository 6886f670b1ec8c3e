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
  /** How many are to be deleted, and were not yet. */
  later: number;
  /** What was done and what is there, in a few words. */
  summary: string;
}

export interface Scope {
  /** Whether what is not desired is deleted, too. */
  deletes?: boolean;
  /** Whether a release asked for it, ever; what others made is never deleted. */
  isOurs?: (address: string) => boolean;
  /** Before anything is applied. */
  asking?: (addresses: Iterable<string>) => void;
}

const FOREIGN = "no release asked for it, so it is somebody else's";
const NOTHING: Applied = { done: 'nothing changed' };

export async function bring(side: LiveSide, live: Live, scope: Scope = {}): Promise<Brought> {
  const { deletes = true, isOurs = () => true, asking = () => {} } = scope;
  live.note('comparing');
  const [desired, observed] = await Promise.all([side.desired(live), side.observe(live)]);
  const all = differences(desired, observed);
  const foreign = all.filter(({ kind, address }) => kind === 'delete' && !isOurs(address));
  const gone = all.filter((each) => each.kind === 'delete' && !foreign.includes(each));
  const found = deletes ? all.filter((each) => !foreign.includes(each)) : all.filter(({ kind }) => kind !== 'delete');
  if (found.length > 0) live.note(`applying ${found.length === 1 ? 'one change' : `${found.length} changes`}`);
  asking(desired.keys());
  const { done, left: kept = {} } = found.length === 0 ? NOTHING : await side.apply(live, found);
  const left = { ...Object.fromEntries(foreign.map(({ address }) => [address, FOREIGN])), ...kept };
  const waiting = new Set([...Object.keys(left), ...(deletes ? [] : gone.map(({ address }) => address))]);
  const reached = found.length === 0 ? observed : await observedAs(side, live, desired, waiting);
  live.note('checking');
  const there = await side.check(live, reached);
  const leftover = Object.entries(left).map(([address, why]) => `left ${address}: ${why}`);
  return {
    changes: found.filter(({ address }) => !(address in left)),
    left,
    later: deletes ? 0 : gone.length,
    summary: [done, ...leftover, there].filter(Boolean).join('; '),
  };
}

/** What the tool says for itself, once it is as desired. */
async function observedAs(side: LiveSide, live: Live, desired: State, left: ReadonlySet<string>): Promise<State> {
  let observed: State = new Map();
  const problem = await eventually(side.patience, async () => {
    observed = await side.observe(live);
    const still = differences(desired, observed).filter(({ address }) => !left.has(address));
    return still.length === 0 ? null : still.map(describe).join('; ');
  });
  if (problem !== null) throw new OperationError(`it did not become what was asked for: ${problem}.`, 1);
  return observed;
}
