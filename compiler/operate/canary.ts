/**
 * Whether APIs that roll are tried on a share of the connections before they take over: those of the release that a
 * deploy brings. What is gone back to was tried before, and takes over at once.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type RecordFile, readRecordFile, writeRecordFile } from './machine/record-file.ts';
import { releaseAt } from './releases.ts';
import type { Workspace } from './workspace.ts';

const tried = ({ state }: Pick<Workspace, 'state'>): RecordFile<{ release: string }> => ({
  path: join(state, 'run', 'canary.json'),
  isRecord: (value: unknown): value is { release: string } => isObject(value) && typeof value['release'] === 'string',
});

/** Of a supervisor that starts, or is told to look again. */
export function isTried(workspace: Workspace): boolean {
  const release = readRecordFile(tried(workspace))?.release;
  return release !== undefined && release === releaseAt(workspace);
}

/** Until `endTrial`. */
export function beginTrial(workspace: Workspace): void {
  const release = releaseAt(workspace);
  if (release !== null) writeRecordFile(tried(workspace), { release });
}

export const endTrial = (workspace: Workspace): void => rmSync(tried(workspace).path, { recursive: true, force: true });
