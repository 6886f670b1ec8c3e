import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes, memoryByUnit } from '../machine/memory.ts';
import { isOfAnother } from '../machine/ports.ts';
import { isAlive, type MarkedProcess, markedProcesses } from '../machine/process-table.ts';
import type { Workspace } from '../workspace.ts';
import { damagedDatabases } from './databases.ts';
import { isHealthy, unreadiness } from './health.ts';
import { readPlan } from './process-plan.ts';
import { liveSupervisor, readRecord, SUPERVISOR, type UnitRecord } from './run-state.ts';

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
}

export interface PlatformStatus {
  environment: string;
  isSupervised: boolean;
  isHealthy: boolean;
  processes: ProcessStatus[];
  /** A sentence per damaged file of a tool. */
  damaged: string[];
}

/** How things are at this moment: processes are looked up and addresses are asked. */
export async function platformStatus(workspace: Workspace): Promise<PlatformStatus> {
  const isSupervised = liveSupervisor(workspace) !== null;
  const marked = markedProcesses(workspace.state);
  const records =
    isSupervised || marked.length > 0 ? (readRecord(workspace)?.units ?? unrecorded(workspace, marked)) : [];
  const memory = memoryByUnit(workspace.state);
  const processes = await Promise.all(
    records.filter(({ kind }) => kind === 'process').map((record) => processStatus(workspace, record, memory)),
  );
  const steps = records.filter(({ kind }) => kind === 'step');
  const isCompiled = existsSync(workspace.plan);
  const damaged = isCompiled ? await damagedDatabases(workspace, readPlan(workspace).databases) : [];
  const isAllHealthy =
    isSupervised &&
    damaged.length === 0 &&
    processes.every(({ state }) => state === 'healthy') &&
    steps.every(({ state }) => state === 'done');
  return { environment: workspace.environment, isSupervised, isHealthy: isAllHealthy, processes, damaged };
}

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
  const known = { name, pid, address, restarts, memory: memory?.get(name) ?? null, log, reason: null };
  const state = await stateNow(workspace, record, pid);
  const reason = state === 'healthy' && record.ready !== null ? await unreadiness(record.ready, PATIENCE) : null;
  return reason === null ? { ...known, state } : { ...known, state: 'not ready', reason };
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
