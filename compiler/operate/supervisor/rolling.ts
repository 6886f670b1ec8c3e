/**
 * The next process of a unit beside the one that serves: it is given the same listening socket by that one
 * (`runtime/…/serving/handover.py`), and accepts when it is ready and the other has stopped. The supervisor holds no
 * socket: what goes on without it goes on rolling, too.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readIfThere } from '../machine/files.ts';
import { hasProc, isAlive, type ProcessId } from '../machine/process-table.ts';
import { isHealthy, unreadiness } from './health.ts';
import type { PlannedCanary } from './process-plan.ts';
import type { UnitRecord } from './run-state.ts';
import type { Unit } from './units.ts';

/** Milliseconds. A server that answers late is busy, not ill. */
const PATIENCE = 10_000;

const nameOf = ({ pid, started }: ProcessId): string => `${pid}-${started}`;

/** Where the process leaves its listening socket, and says that it is ready. */
const placeOf = (folder: string, id: ProcessId): string => join(folder, nameOf(id));

/** Whether this process can give its listening socket to one of the unit: one of an older runtime cannot. */
export const gives = ({ rolls }: Unit, { state, process: id }: UnitRecord): boolean =>
  hasProc &&
  rolls !== null &&
  state === 'healthy' &&
  id !== null &&
  isAlive(id) &&
  existsSync(join(placeOf(rolls, id), 'socket'));

/** What is not ready has no requests to lose, and might never be: it is ended, and started again. */
export const isServing = async ({ health, ready }: UnitRecord): Promise<boolean> =>
  (health === null || (await isHealthy(health, PATIENCE))) &&
  (ready === null || (await unreadiness(ready, PATIENCE)) === null);

/** Variables of a process of the unit, and of one that is to follow another. */
export const rollingVariables = ({ rolls, canary }: Unit, before: ProcessId | null): Record<string, string> =>
  hasProc && rolls !== null
    ? {
        MLOPS_ROLLING_FOLDER: rolls,
        ...(before === null ? {} : { MLOPS_ROLLING_FOLLOWS: nameOf(before) }),
        ...(before === null || canary === null ? {} : { MLOPS_ROLLING_TRIED: '1' }),
      }
    : {};

interface Follower {
  folder: string;
  id: ProcessId;
  /** It has ended by itself. */
  isOver: () => boolean;
  /** How long it has to get ready, and to say how its trial went once that is over. */
  milliseconds: number;
}

/**
 * Null once it says that it is ready: whoever asks its port is answered by the one before. Otherwise why it is not, in
 * words, when it is late; it may also have ended.
 */
export async function unreadyToFollow({ folder, id, isOver, milliseconds }: Follower): Promise<string | null> {
  const place = placeOf(folder, id);
  for (const last = Date.now() + milliseconds; !isOver() && Date.now() < last; await sleep(50))
    if (existsSync(join(place, 'ready'))) return null;
  const reason = readIfThere(join(place, 'unready')) || 'it is starting';
  return `it was not ready within ${milliseconds / 1000} seconds: ${reason}; the process before it stays`;
}

/** `10% of the connections for 900 seconds` */
export const inWords = ({ share, seconds }: PlannedCanary): string =>
  `${Number((share * 100).toFixed(4))}% of the connections for ${seconds} seconds`;

/** What it says of its trial, in words, and whether that speaks against it; it may also have ended. */
export async function triedOut(
  { folder, id, isOver, milliseconds }: Follower,
  canary: PlannedCanary,
): Promise<{ isGood: boolean; said: string }> {
  const place = placeOf(folder, id);
  const last = Date.now() + canary.seconds * 1000 + milliseconds;
  for (; !isOver() && Date.now() < last; await sleep(50)) {
    const against = readIfThere(join(place, 'withdrawn'));
    if (against !== null) return { isGood: false, said: `${against}; the process before it stays` };
    const said = readIfThere(join(place, 'tried'));
    if (said !== null) return { isGood: true, said };
  }
  return { isGood: false, said: 'it did not say how that went; the process before it stays' };
}
