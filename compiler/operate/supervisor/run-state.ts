/** What the supervisor says of its work: `<state>/run/supervisor.json`. */
import { join } from 'node:path';
import { isAlive, isProcessId, type ProcessId } from '../machine/process-table.ts';
import { isObject, isTextOrNull, type RecordFile, readRecordFile, writeRecordFile } from '../machine/record-file.ts';
import type { Workspace } from '../workspace.ts';
import type { Unit } from './units.ts';

/** Marks the supervisor itself among the processes that carry the marker. */
export const SUPERVISOR = 'supervisor';

/**
 * A step goes waiting → running → done. A process goes waiting → starting → healthy, and after a crash through
 * `restarting` back to starting. `failed` is the end: a step that failed, a process that died before it was ever
 * healthy or crashed too often. One that another follows is `leaving` once that one is ready, which may be a `canary`
 * before: it has a share of the connections.
 */
const STATES = [
  'waiting',
  'starting',
  'running',
  'canary',
  'healthy',
  'restarting',
  'leaving',
  'done',
  'failed',
] as const;
export type UnitState = (typeof STATES)[number];

export interface UnitRecord {
  name: string;
  kind: Unit['kind'];
  /** Of what was started. */
  digest: string;
  state: UnitState;
  process: ProcessId | null;
  address: string | null;
  health: string | null;
  ready: string | null;
  port: number | null;
  restarts: number;
  /** How it ended last, e.g. `exit status 1`. */
  exit: string | null;
  log: string;
  /** How it is tried before it takes over, or was, in words; where it is as it was by now, nothing. */
  canary?: string;
  /** The process that this one follows, until that has ended. */
  before?: UnitRecord;
}

export interface SupervisorRecord {
  supervisor: ProcessId;
  digest: string;
  /** Variable, or name of a secret in a file → digest of its value (given-secrets.ts). */
  secrets?: Record<string, string>;
  /** Name of a secret that the platform made for itself → digest of the value that was handed out. */
  made?: Record<string, string>;
  units: UnitRecord[];
  /** A plan that could not be taken over, by its digest. */
  refused: { digest: string; reason: string } | null;
}

const isUnit = (value: unknown): value is UnitRecord =>
  isObject(value) &&
  ['name', 'kind', 'digest', 'log'].every((key) => typeof value[key] === 'string') &&
  STATES.some((state) => state === value['state']) &&
  ['address', 'health', 'exit'].every((key) => isTextOrNull(value[key])) &&
  typeof value['restarts'] === 'number' &&
  isTextOrNull(value['ready']) &&
  (value['canary'] === undefined || typeof value['canary'] === 'string') &&
  (value['port'] === null || typeof value['port'] === 'number') &&
  (value['process'] === null || isProcessId(value['process'])) &&
  (value['before'] === undefined || isUnit(value['before']));

export const supervisorRecord = (workspace: Workspace): RecordFile<SupervisorRecord> => ({
  path: join(workspace.run, 'supervisor.json'),
  isRecord: (value): value is SupervisorRecord =>
    isObject(value) &&
    isProcessId(value['supervisor']) &&
    typeof value['digest'] === 'string' &&
    ['secrets', 'made'].every((key) => value[key] === undefined || isObject(value[key])) &&
    Array.isArray(value['units']) &&
    value['units'].every(isUnit) &&
    (value['refused'] === null || isObject(value['refused'])),
});

export const writeRecord = (workspace: Workspace, record: SupervisorRecord): void =>
  writeRecordFile(supervisorRecord(workspace), record);

/** The last supervisor's record, alive or not. */
export const readRecord = (workspace: Workspace): SupervisorRecord | null =>
  readRecordFile(supervisorRecord(workspace));

export function liveSupervisor(workspace: Workspace): SupervisorRecord | null {
  const record = readRecord(workspace);
  return record && isAlive(record.supervisor) ? record : null;
}
