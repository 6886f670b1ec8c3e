/** What the supervisor says of its work: `<state>/run/supervisor.json`. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from '../machine/files.ts';
import { isAlive, type ProcessId } from '../machine/process-table.ts';
import type { Workspace } from '../workspace.ts';
import type { Unit } from './units.ts';

/** Marks the supervisor itself among the processes that carry the marker. */
export const SUPERVISOR = 'supervisor';

/**
 * A step goes waiting → running → done. A process goes waiting → starting → healthy, and after a crash through
 * `restarting` back to starting. `failed` is the end: a step that failed, a process that died before it was ever
 * healthy or crashed too often.
 */
export type UnitState = 'waiting' | 'starting' | 'running' | 'healthy' | 'restarting' | 'done' | 'failed';

export interface UnitRecord {
  name: string;
  kind: Unit['kind'];
  state: UnitState;
  process: ProcessId | null;
  address: string | null;
  health: string | null;
  restarts: number;
  /** How it ended last, e.g. `exit status 1`. */
  exit: string | null;
  log: string;
}

export interface SupervisorRecord {
  supervisor: ProcessId;
  digest: string;
  units: UnitRecord[];
  /** A plan that could not be taken over, by its digest. */
  refused: { digest: string; reason: string } | null;
}

const recordFile = (workspace: Workspace) => join(workspace.run, 'supervisor.json');

/** Replaced as a whole, so that a reader never sees half of it. */
export function writeRecord(workspace: Workspace, record: SupervisorRecord): void {
  mkdirSync(workspace.run, { recursive: true });
  const beside = `${recordFile(workspace)}.${process.pid}`;
  writeFileSync(beside, `${JSON.stringify(record, null, 1)}\n`);
  renameSync(beside, recordFile(workspace));
}

/** The last supervisor's record, alive or not. */
export function readRecord(workspace: Workspace): SupervisorRecord | null {
  try {
    return JSON.parse(readFileSync(recordFile(workspace), 'utf8')) as SupervisorRecord;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export function liveSupervisor(workspace: Workspace): SupervisorRecord | null {
  const record = readRecord(workspace);
  return record && isAlive(record.supervisor) ? record : null;
}
