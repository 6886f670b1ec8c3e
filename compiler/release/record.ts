/** `<state>/deployments.json`: when which commit was deployed; dashboards mark these moments. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import {
  isObject,
  isTextOrNull,
  type RecordFile,
  readRecordFile,
  writeRecordFile,
} from '../operate/machine/record-file.ts';
import { currentRelease } from '../operate/releases.ts';
import type { Workspace } from '../operate/workspace.ts';
import { manifestOf } from './make.ts';

export interface Deployment {
  /** ISO 8601, UTC. */
  at: string;
  /** Null outside a Git repository. */
  commit: string | null;
}

const KEPT = 100;

export const deploymentRecord = (workspace: Workspace): RecordFile<Deployment[]> => ({
  path: join(workspace.state, 'deployments.json'),
  isRecord: (value): value is Deployment[] =>
    Array.isArray(value) &&
    value.every((each) => isObject(each) && typeof each['at'] === 'string' && isTextOrNull(each['commit'])),
});

export function recordDeployment(workspace: Workspace): void {
  const file = deploymentRecord(workspace);
  const now = { at: new Date().toISOString(), commit: commitOf(workspace.checkout) };
  writeRecordFile(file, [...(readRecordFile(file) ?? []), now].slice(-KEPT));
}

/** Of what runs, also after a rollback; null where nothing was deployed, or from outside of Git. */
export function lastDeployedCommit(workspace: Workspace): string | null {
  const id = currentRelease(workspace);
  if (id !== null) return manifestOf(workspace, id)?.commit?.id ?? null;
  return readRecordFile(deploymentRecord(workspace))?.at(-1)?.commit ?? null;
}

function commitOf(root: string): string | null {
  try {
    return execFileSync('git', ['-C', root, 'rev-parse', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
