import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { readGeneratedJson } from '../machine/generated-json.ts';
import type { Workspace } from '../workspace.ts';
import { buildEnvironment, sitePackages, sourcesBehind } from './environment.ts';

/** The interpreter of the environment that a folder's own lock asks for; docs/contracts.md fixes where it is. */
export function overlayPython(workspace: Workspace, lock: string): string {
  return join(overlayFolder(workspace, lock), 'bin', 'python');
}

/** Builds what is missing of the environments that the generated files refer to. Their packages win over `.venv`'s. */
export async function prepareOverlays(workspace: Workspace, note: (text: string) => void): Promise<void> {
  for (const lock of referredLocks(workspace)) {
    const contents = {
      target: overlayFolder(workspace, lock),
      lock: join(workspace.root, lock),
      paths: [sitePackages(workspace.venv), ...sourcesBehind(workspace)],
      wheel: null,
    };
    await buildEnvironment(workspace, contents, (text) => note(`${lock}: ${text}`));
  }
}

/** Names of their folders, of those that the generated files refer to. */
export const overlaysInUse = (workspace: Workspace): Set<string> =>
  new Set(
    referredLocks(workspace)
      .filter((lock) => existsSync(join(workspace.root, lock)))
      .map((lock) => basename(overlayFolder(workspace, lock))),
  );

function overlayFolder(workspace: Workspace, lock: string): string {
  const file = join(workspace.root, lock);
  if (!existsSync(file))
    throw new OperationError(
      `${lock} is missing, though the generated files refer to it. Restore it, or compile again.`,
    );
  return join(workspace.state, 'envs', createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16));
}

/** Every `"lock": "<path>"` in the contracts and in the plan of processes. */
export function referredLocks(workspace: Workspace): string[] {
  const generated = join(workspace.root, 'generated');
  const folders = ['common/runtime/pipelines', 'common/runtime/models', `${workspace.environment}/process`].map(
    (path) => join(generated, path),
  );
  const files = folders.filter(existsSync).flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const found = files.filter((file) => file.endsWith('.json')).flatMap((file) => locksIn(readGeneratedJson(file)));
  return [...new Set(found)].sort();
}

function locksIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'lock' in value && typeof value.lock === 'string' ? [value.lock] : [];
  return [...own, ...Object.values(value).flatMap(locksIn)];
}
