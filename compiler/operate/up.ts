/** What `mlops up` starts: Python environments, then processes. */
import { inStage, type Progress } from './progress.ts';
import { isPythonReady, preparePython } from './python/environment.ts';
import { prepareOverlays } from './python/overlay.ts';
import { requireWholeDatabases } from './supervisor/databases.ts';
import { readPlan } from './supervisor/process-plan.ts';
import { stopPlatform } from './supervisor/stop.ts';
import { isRunning, startProcesses } from './supervisor/supervisor.ts';
import type { Workspace } from './workspace.ts';

export interface UpOptions {
  /** Stop everything when this process has gone, however it went. */
  owned: boolean;
}

/** Brings the processes up, and healthy. Whoever calls holds the start lock. */
export async function bringUp(workspace: Workspace, progress: Progress, { owned }: UpOptions): Promise<void> {
  await requireWholeDatabases(workspace, readPlan(workspace).databases);
  if (isPythonReady(workspace) && isRunning(workspace))
    return progress.line(`${workspace.environment} is running already.`);
  // Its packages must not change under a running platform.
  if (!isPythonReady(workspace)) await stopPlatform(workspace);
  await inStage(progress, 'Python environment', (note) => preparePython(workspace, note));
  await inStage(progress, "Models' own environments", (note) => prepareOverlays(workspace, note));
  await startProcesses(workspace, progress, owned);
}
