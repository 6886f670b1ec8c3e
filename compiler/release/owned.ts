/** `<state>/asked-for.json`: every object that a release asked a tool for. Only such a one is ever deleted. */
import { join } from 'node:path';
import { isObject, type RecordFile, readRecordFile, writeRecordFile } from '../operate/machine/record-file.ts';
import type { Workspace } from '../operate/workspace.ts';

type AskedFor = Record<string, string[]>;

export const askedForRecord = ({ state }: Pick<Workspace, 'state'>): RecordFile<AskedFor> => ({
  path: join(state, 'asked-for.json'),
  isRecord: (value): value is AskedFor =>
    isObject(value) &&
    Object.values(value).every((each) => Array.isArray(each) && each.every((address) => typeof address === 'string')),
});

/** Written before anything is asked for: what a deploy makes that is killed is ours, too. */
export function recordAskedFor(workspace: Workspace, side: string, addresses: Iterable<string>): void {
  const all = readRecordFile(askedForRecord(workspace)) ?? {};
  const before = new Set(all[side]);
  const now = [...new Set([...before, ...addresses])].sort();
  if (now.length > before.size) writeRecordFile(askedForRecord(workspace), { ...all, [side]: now });
}

/** Sorted. */
export const askedFor = (workspace: Workspace, side: string): string[] =>
  readRecordFile(askedForRecord(workspace))?.[side] ?? [];

/** Of a damaged or missing record nothing is known to be ours, and so nothing is deleted. */
export function wasAskedFor(workspace: Workspace, side: string): (address: string) => boolean {
  const ours = new Set(askedFor(workspace, side));
  return (address) => ours.has(address);
}
