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
import type { Workspace } from '../operate/workspace.ts';

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
  const now = { at: new Date().toISOString(), commit: commitOf(workspace.root) };
  writeRecordFile(file, [...(readRecordFile(file) ?? []), now].slice(-KEPT));
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
