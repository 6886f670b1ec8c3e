/**
 * APIs that stay on an earlier release while all else goes on. The champion of a model needs what that release gives
 * it, and the version that needs what the new one gives is trained by the new one.
 */
import { join } from 'node:path';
import { isObject, type RecordFile, readRecordFile, writeRecordFile } from './machine/record-file.ts';
import { knownReleases, releaseAt } from './releases.ts';
import type { Workspace } from './workspace.ts';

/** Model → release. */
export type KeptApis = Readonly<Record<string, string>>;

const keptFile = ({ state }: Pick<Workspace, 'state'>): RecordFile<KeptApis> => ({
  path: join(state, 'run', 'kept-apis.json'),
  isRecord: (value: unknown): value is KeptApis =>
    isObject(value) && Object.values(value).every((id) => typeof id === 'string'),
});

/** Without those whose release has gone, or is the one that is asked. */
export function keptApis(workspace: Workspace): KeptApis {
  const record = readRecordFile(keptFile(workspace));
  if (record === null) return {};
  const known = new Set(knownReleases(workspace));
  const here = releaseAt(workspace);
  return Object.fromEntries(Object.entries(record).filter(([, id]) => known.has(id) && id !== here));
}

export function keepApis(workspace: Workspace, kept: KeptApis): void {
  if (Object.keys(kept).length === 0 && readRecordFile(keptFile(workspace)) === null) return;
  writeRecordFile(keptFile(workspace), kept);
}

/** The name of the process that is a model's API. */
export const apiOf = (model: string): string => `serving-${model}`;
