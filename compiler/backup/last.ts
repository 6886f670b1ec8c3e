/** The last good backup of an environment, for whoever asks how old it is. It stands in the state, and in no backup. */
import { join } from 'node:path';
import { isObject, type RecordFile, readRecordFile, writeRecordFile } from '../operate/machine/record-file.ts';
import type { Workspace } from '../operate/workspace.ts';

export interface LastBackup {
  id: string;
  /** ISO 8601, UTC: when it was begun. */
  at: string;
  /** Of backups, on this machine. */
  folder: string;
  encrypted: boolean;
}

const recordOf = ({ state }: Workspace): RecordFile<LastBackup> => ({
  path: join(state, 'last-backup.json'),
  isRecord: (value): value is LastBackup =>
    isObject(value) &&
    ['id', 'at', 'folder'].every((key) => typeof value[key] === 'string') &&
    typeof value['encrypted'] === 'boolean' &&
    !Number.isNaN(Date.parse(String(value['at']))),
});

export const lastBackup = (workspace: Workspace): LastBackup | null => readRecordFile(recordOf(workspace));

export const rememberBackup = (workspace: Workspace, last: LastBackup): void =>
  writeRecordFile(recordOf(workspace), last);
