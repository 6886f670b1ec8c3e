import { statfsSync } from 'node:fs';
import { formatBytes } from '../../compiler/diagnostics/bytes.ts';
import { OperationError } from '../../compiler/diagnostics/operation-error.ts';
import { isPythonReady } from '../../compiler/operate/python/environment.ts';
import { findPython } from '../../compiler/operate/python/find.ts';
import type { Workspace } from '../../compiler/operate/workspace.ts';
import { requireSample } from './sample.ts';

const GIGABYTE = 2 ** 30;

/** What would stop the demo half way is said before it begins. */
export function preflight(workspace: Workspace): void {
  requireSample(workspace.root, 'The demo is played');
  const isInstalled = isPythonReady(workspace);
  if (!isInstalled) findPython();
  const needed = (isInstalled ? 1 : 3) * GIGABYTE;
  const { bavail, bsize } = statfsSync(workspace.root);
  if (bavail * bsize >= needed) return;
  throw new OperationError(
    `The demo needs ${formatBytes(needed)} of free disk space, and ${workspace.root} has ` +
      `${formatBytes(bavail * bsize)}. Free some and try again.`,
  );
}
