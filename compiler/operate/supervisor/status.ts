import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes } from '../../diagnostics/bytes.ts';
import { memoryByUnit } from '../machine/memory.ts';
import { isOfAnother } from '../machine/ports.ts';
import { isAlive, type MarkedProcess } from '../machine/process-table.ts';
import type { Workspace } from '../workspace.ts';
import { damagedDatabases } from './databases.ts';
import { isHealthy, unreadiness } from './health.ts';
import { ours, supervisors, untilRecorded } from './ours.ts';
import { readPlan } from './process-plan.ts';
import { liveSupervisor, readRecord, SUPERVISOR, supervisorRecord, type UnitRecord } from './run-state.ts';

/** Milliseconds. A server that answers late is busy, not ill. */
const PATIENCE = 10_000;

export interface ProcessStatus {
  name: string;
  /**
   * `healthy`, `unhealthy` and `not ready` (it answers, but not what a caller wants) as of now; the rest
   * as the supervisor has it, or `stopped`.
   */
  state: string;
  pid: number | null;
  address: string | null;
  restarts: number;
  /** Bytes, children included; null where the system does not tell. */
  memory: number | null;
  log: string;
  /** Why it is `not ready`; null in every other state. */
  reason: string | null;
  /** What else must come before it is ready, such as `champion`; null in every other state. */
  waitsFor: string | null;
}

export interface PlatformStatus {
  environment: string;
  isSupervised: boolean;
  isHealthy: boolean;
  /** Or healthy but for models that have no champion yet, which is a training's to change and no deploy's. */
  isUp: boolean;
  /** While one process follows another, both, of one name: first the one that the other follows. */
  processes: ProcessStatus[];
  /** A sentence per damaged file. */
  damaged: string[];
}

/** How things are at this moment: processes are looked up and addresses are asked. */
export async function platformStatus(workspace: Workspace): Promise<PlatformStatus> {
  await untilRecorded(workspace);
  const isRecorded = liveSupervisor(workspace) !== null;
  const isSupervised = isRecorded || supervisors(workspace).length > 0;
  const marked = ours(workspace);
  const records =
    isSupervised || marked.length > 0 ? (readRecord(workspace)?.units ?? unrecorded(workspace, marked)) : [];
  const memory = memoryByUnit(workspace.state);
  const processes = await Promise.all(
    records
      .filter(({ kind }) => kind === 'process')
      .flatMap((record) => (record.before === undefined ? [record] : [record.before, record]))
      .map((record) => processStatus(workspace, record, memory)),
  );
  const steps = records.filter(({ kind }) => kind === 'step');
  const isCompiled = existsSync(workspace.plan);
  const damaged = isCompiled ? await damagedDatabases(workspace, readPlan(workspace).databases) : [];
  if (isSupervised && !isRecorded) damaged.push(unwritten(workspace));
  const isWell = (isGood: (one: ProcessStatus) => boolean): boolean =>
    isSupervised && damaged.length === 0 && processes.every(isGood) && steps.every(({ state }) => state === 'done');
  const isFine = ({ state }: ProcessStatus): boolean => state === 'healthy';
  return {
    environment: workspace.environment,
    isSupervised,
    isHealthy: isWell(isFine),
    isUp: isWell((one) => isFine(one) || waitsForChampion(one)),
    processes,
    damaged,
  };
}

const waitsForChampion = ({ state, waitsFor }: ProcessStatus): boolean =>
  state === 'not ready' && waitsFor === 'champion';

const unwritten = (workspace: Workspace): string =>
  `${supervisorRecord(workspace).path} is damaged or missing, and the supervisor cannot write it again: ` +
  `${join(workspace.logs, 'supervisor.log')} says why. It goes on restarting what ends.`;

/** What the processes' own marks tell, where there is no record: the first of each unit, running. */
function unrecorded({ logs }: Workspace, marked: MarkedProcess[]): UnitRecord[] {
  const first = new Map<string, MarkedProcess>();
  for (const each of marked) if (each.unit !== SUPERVISOR && !first.has(each.unit)) first.set(each.unit, each);
  return [...first].sort().map(([name, { pid, started }]) => ({
    name,
    kind: 'process',
    digest: '',
    state: 'running',
    process: { pid, started },
    address: null,
    health: null,
    ready: null,
    port: null,
    restarts: 0,
    exit: null,
    log: join(logs, `${name}.log`),
  }));
}

async function processStatus(
  workspace: Workspace,
  record: UnitRecord,
  memory: Map<string, number> | null,
): Promise<ProcessStatus> {
  const { name, address, restarts, log } = record;
  const pid = record.process && isAlive(record.process) ? record.process.pid : null;
  const known = { name, pid, address, restarts, memory: memory?.get(name) ?? null, log, reason: null, waitsFor: null };
  const state = await stateNow(workspace, record, pid);
  const unready = state === 'healthy' && record.ready !== null ? await unreadiness(record.ready, PATIENCE) : null;
  return unready === null ? { ...known, state } : { ...known, state: 'not ready', ...unready };
}

async function stateNow(
  { state: folder }: Workspace,
  { name, state, health, port }: UnitRecord,
  pid: number | null,
): Promise<string> {
  if (state !== 'healthy') return state;
  if (pid === null) return 'stopped';
  if (port !== null && isOfAnother(port, folder, name)) return 'unhealthy';
  return health === null || (await isHealthy(health, PATIENCE)) ? 'healthy' : 'unhealthy';
}

export function printStatus({ processes }: PlatformStatus, paint: (state: string) => string): string {
  const head = ['PROCESS', 'STATE', 'PID', 'RESTARTS', 'MEMORY', 'ADDRESS'];
  const rows = processes.map(({ name, state, pid, restarts, memory, address }) => [
    name,
    state,
    String(pid ?? '–'),
    String(restarts),
    memory === null ? '–' : formatBytes(memory),
    address ?? '–',
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const reasons = processes.flatMap(({ name, reason }) => (reason === null ? [] : [`${name} is not ready: ${reason}`]));
  const table = [line(head), ...rows.map((row) => line(row).replace(row[1] ?? '', paint(row[1] ?? '')))];
  return [...table, ...(reasons.length > 0 ? ['', ...reasons] : [])].join('\n');
}
