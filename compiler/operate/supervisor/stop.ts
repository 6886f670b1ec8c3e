/** Ends what runs for one environment, and nothing else; needs neither the supervisor alive nor its record. */
import { setTimeout as sleep } from 'node:timers/promises';
import { hasProc, isAlive, signal } from '../machine/process-table.ts';
import type { Workspace } from '../workspace.ts';
import { ours, supervisors, untilRecorded } from './ours.ts';
import { readRecord, SUPERVISOR } from './run-state.ts';
import { lockHolder } from './start-lock.ts';

/** Milliseconds: the first processes get this long to end their children in order, then all of them, then none. */
const LEADERS_ALONE = 3000;
const BEFORE_KILL = 8000;

/** Whether a planned process is to go on; of a unit of which two run, one at most. */
type Kept = (unit: string, digest: string | null) => boolean;

/** Ends all but what is `kept`, the supervisor in any case. Returns how many processes were ended. */
export async function stopPlatform(workspace: Workspace, kept: Kept = () => false): Promise<number> {
  await endStarter(workspace);
  await untilRecorded(workspace);
  endSupervisor(workspace);
  return hasProc ? endMarked(workspace, kept) : endRecordedGroups(workspace, kept);
}

/** Killed outright: it holds nothing, and would take the others' end for crashes. What it has started goes on. */
export function endSupervisor(workspace: Workspace): void {
  for (const one of supervisors(workspace)) signal(one, 'SIGKILL');
}

/** Whoever is just starting this environment stops it itself on SIGTERM; the rest here finishes what it cannot. */
async function endStarter(workspace: Workspace): Promise<void> {
  const starter = lockHolder(workspace);
  if (!starter || starter.pid === process.pid) return;
  signal(starter, 'SIGTERM');
  for (let waited = 0; waited < 10_000 && isAlive(starter); waited += 100) await sleep(100);
}

async function endMarked(workspace: Workspace, kept: Kept): Promise<number> {
  const begun = Date.now();
  const asked = new Set<number>();
  for (;;) {
    const left = ours(workspace).filter(({ unit, digest }) => unit === SUPERVISOR || !kept(unit, digest));
    if (left.length === 0) return asked.size;
    const age = Date.now() - begun;
    const pids = new Set(left.map(({ pid }) => pid));
    // Each look finds those started meanwhile, too. A repeated SIGTERM would cut an orderly end short.
    const due = age < LEADERS_ALONE ? left.filter(({ parent }) => !pids.has(parent)) : left;
    for (const one of due) {
      if (age > BEFORE_KILL) signal(one, 'SIGKILL');
      else if (!asked.has(one.pid)) signal(one, 'SIGTERM');
      asked.add(one.pid);
    }
    await sleep(100);
  }
}

/** Without /proc: the process groups that the supervisor recorded. What left its group is not found there. */
async function endRecordedGroups(workspace: Workspace, kept: Kept): Promise<number> {
  const recorded = (readRecord(workspace)?.units ?? []).flatMap(({ name, digest, process: id }) =>
    id && isAlive(id) && !kept(name, digest) ? [id] : [],
  );
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    for (const { pid } of recorded.filter(isAlive)) process.kill(-pid, name);
    for (let waited = 0; waited < BEFORE_KILL && recorded.some(isAlive); waited += 200) await sleep(200);
  }
  return recorded.length;
}
