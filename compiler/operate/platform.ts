/** An environment's Python and processes brought up, and its Airflow. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Airflow } from '../clients/airflow.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import type { Progress } from './progress.ts';
import { isPythonReady, preparePython } from './python/environment.ts';
import { prepareOverlays } from './python/overlay.ts';
import { addressOf } from './supervisor/process-plan.ts';
import { stopPlatform } from './supervisor/stop.ts';
import { isRunning, startProcesses } from './supervisor/supervisor.ts';
import type { Workspace } from './workspace.ts';

export interface UpOptions {
  /** Stop everything when this process has gone, however it went. */
  owned: boolean;
}

/** Brings the processes up, and healthy. Whoever calls holds the start lock. */
export async function bringUp(workspace: Workspace, progress: Progress, { owned }: UpOptions): Promise<void> {
  if (isPythonReady(workspace) && isRunning(workspace))
    return progress.line(`${workspace.environment} is running already.`);
  // Its packages must not change under a running platform.
  if (!isPythonReady(workspace)) await stopPlatform(workspace);
  await inStage(progress, 'Python environment', (note) => preparePython(workspace, note));
  await inStage(progress, "Models' own environments", (note) => prepareOverlays(workspace, note));
  await startProcesses(workspace, progress, owned);
}

export function airflowOf(workspace: Workspace): Airflow {
  const address = addressOf(workspace, 'airflow-api-server');
  if (address === null) throw new OperationError(`The environment '${workspace.environment}' has no Airflow.`);
  return new Airflow(address);
}

/** Names of the generated DAGs, sorted. */
export function pipelinesOf(workspace: Workspace): string[] {
  const folder = join(workspace.root, 'generated', 'common', 'airflow', 'dags');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files
    .filter((name) => name.endsWith('.py'))
    .map((name) => name.slice(0, -3))
    .sort();
}

/** Runs `work` as a stage; marks the stage when it fails, and lets the failure go on. */
export async function inStage<T>(
  progress: Progress,
  title: string,
  work: (note: (text: string) => void) => Promise<T>,
  describe: (result: T) => string = () => '',
): Promise<T> {
  const stage = progress.stage(title);
  try {
    const result = await work(stage.note);
    stage.done(describe(result));
    return result;
  } catch (error) {
    progress.fail();
    throw error;
  }
}
