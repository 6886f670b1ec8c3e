/** `<state>/deployments.json`: when which commit was deployed; dashboards mark these moments. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere } from '../operate/machine/files.ts';
import type { Workspace } from '../operate/workspace.ts';

export interface Deployment {
  /** ISO 8601, UTC. */
  at: string;
  /** Null outside a Git repository. */
  commit: string | null;
}

const KEPT = 100;

export function recordDeployment(workspace: Workspace): void {
  const file = join(workspace.state, 'deployments.json');
  const deployments = [
    ...readDeployments(file),
    { at: new Date().toISOString(), commit: commitOf(workspace.root) },
  ].slice(-KEPT);
  mkdirSync(workspace.state, { recursive: true });
  writeFileSync(`${file}.draft`, `${JSON.stringify(deployments, null, 1)}\n`);
  renameSync(`${file}.draft`, file);
}

function readDeployments(file: string): Deployment[] {
  try {
    return JSON.parse(readIfThere(file) ?? '[]') as Deployment[];
  } catch (error) {
    // A record that cannot be read is no reason not to deploy.
    if (error instanceof SyntaxError) return [];
    throw error;
  }
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
