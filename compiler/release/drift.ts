/** What runs, held against what was deployed: object by object, field by field. Nothing is changed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { OperationError } from '../diagnostics/operation-error.ts';
import { type Change, describe, differences } from '../diff/compare.ts';
import type { Live, LiveSide } from '../tools/live.ts';
import { inOrder } from './order.ts';

/** What can be compared: a live side, or what only looks. */
export interface Compared extends Pick<LiveSide, 'name' | 'after' | 'isIn' | 'desired' | 'observe' | 'wayBack'> {
  /**
   * How often it is looked at before what differs counts: of what follows by itself, such as an API that loads the
   * version that has just become champion.
   */
  looks?: number;
}

const BETWEEN_LOOKS = 3000;

export interface Drift {
  tool: string;
  /** How many objects were deployed. */
  objects: number;
  differences: Change[];
  /** Why it could not be looked at; null where it was. */
  problem: string | null;
  wayBack: string | null;
}

/** One after the other, as a deploy would: a tool that does not answer keeps nobody from being looked at. */
export async function driftOf(sides: readonly Compared[], live: Live): Promise<Drift[]> {
  const found: Drift[] = [];
  for (const side of inOrder(sides.filter((each) => each.isIn(live)))) {
    live.note(side.name);
    found.push(await lookAt(side, live));
  }
  return found;
}

async function lookAt(side: Compared, live: Live): Promise<Drift> {
  const { name: tool, wayBack = null, looks = 1 } = side;
  try {
    for (let look = 1; ; look += 1) {
      const [desired, observed] = await Promise.all([side.desired(live), side.observe(live)]);
      const found = differences(desired, observed);
      if (found.length === 0 || look >= looks)
        return { tool, objects: desired.size, differences: found, problem: null, wayBack };
      await sleep(BETWEEN_LOOKS);
    }
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return { tool, objects: 0, differences: [], problem: error.message, wayBack };
  }
}

export const hasDrifted = (drifts: readonly Drift[]): boolean =>
  drifts.some(({ differences: found, problem }) => found.length > 0 || problem !== null);

/** A line per object that differs. */
export const linesOf = ({ differences: found }: Drift): string[] => found.map(describe);
