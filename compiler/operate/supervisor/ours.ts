/** What runs for one environment, by the marks of processes, the supervisor's record, and ports of the plan. */
import { readlinkSync } from 'node:fs';
import { sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listeningProcess } from '../machine/ports.ts';
import {
  hasProc,
  identify,
  isAlive,
  type MarkedProcess,
  markedProcesses,
  type ProcessId,
} from '../machine/process-table.ts';
import type { Workspace } from '../workspace.ts';
import { type PlannedProcess, readPlan } from './process-plan.ts';
import { liveSupervisor, readRecord, SUPERVISOR } from './run-state.ts';

/** So often is looked, a tenth of a second apart. The supervisor looks at its record twice a second. */
const LOOKS = 40;

/** A living supervisor soon writes a record again that was damaged: until then nothing is known of what runs. */
export async function untilRecorded(workspace: Workspace): Promise<void> {
  for (let looks = 0; looks < LOOKS; looks++) {
    if (liveSupervisor(workspace) !== null || supervisors(workspace).length === 0) return;
    await sleep(100);
  }
}

export function supervisors(workspace: Workspace): ProcessId[] {
  if (hasProc) return ours(workspace).filter(({ unit }) => unit === SUPERVISOR);
  const recorded = readRecord(workspace)?.supervisor;
  return recorded && recorded.pid !== process.pid ? [recorded] : [];
}

/** Names of the units of which a process runs. */
export function runningUnits(workspace: Workspace): Set<string> {
  const recorded = (readRecord(workspace)?.units ?? []).filter(({ process: id }) => id && isAlive(id));
  const names = [...ours(workspace).map(({ unit }) => unit), ...recorded.map(({ name }) => name)];
  return new Set(names.filter((name) => name !== SUPERVISOR));
}

/** All but the caller and the Python that answers it, and but its own helpers where the supervisor is the caller. */
export function ours(workspace: Workspace): MarkedProcess[] {
  const all = [...markedProcesses(workspace.state), ...unmarked(workspace)];
  const marked = all.filter(({ unit, parent }) => unit !== '' || parent !== process.pid);
  const isSupervisor = marked.some(({ pid }) => pid === process.pid);
  return marked.filter(({ pid, unit }) => pid !== process.pid && !(isSupervisor && unit === SUPERVISOR));
}

/** PostgreSQL runs as another user where we are root, and shows no mark: the record still knows it. */
function unmarked(workspace: Workspace): MarkedProcess[] {
  const record = readRecord(workspace);
  const marked = markedProcesses(workspace.state);
  const pids = new Set(marked.map(({ pid }) => pid));
  const known = record === null ? listening(workspace, marked) : record.units;
  return known.flatMap(({ name, process: id }) =>
    id && !pids.has(id.pid) && isAlive(id)
      ? [{ ...id, parent: 0, group: id.pid, state: workspace.state, unit: name, digest: null }]
      : [],
  );
}

/** Without a record: what listens on a port of the plan, of which no mark is to be seen, and works in our folder. */
function listening(workspace: Workspace, marked: MarkedProcess[]): { name: string; process: ProcessId | null }[] {
  const seen = new Set(marked.map(({ unit }) => unit));
  return plannedProcesses(workspace).flatMap(({ name, port }) => {
    const pid = hasProc && port !== null && !seen.has(name) ? listeningProcess(port) : null;
    return pid !== null && worksBelow(pid, workspace.state) ? [{ name, process: identify(pid) }] : [];
  });
}

function plannedProcesses(workspace: Workspace): PlannedProcess[] {
  try {
    return readPlan(workspace).processes;
  } catch {
    return []; // it is damaged, too, which others say
  }
}

function worksBelow(pid: number, folder: string): boolean {
  try {
    return `${readlinkSync(`/proc/${pid}/cwd`)}${sep}`.startsWith(`${folder}${sep}`);
  } catch {
    return false; // another user's, or ended
  }
}
