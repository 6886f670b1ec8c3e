/** `mlops up` as a whole: Python, processes, and Airflow knowing every pipeline. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Airflow } from '../clients/airflow.ts';
import { OperationError } from './operation-error.ts';
import type { Progress } from './progress.ts';
import { isPythonReady, preparePython } from './python/environment.ts';
import { prepareOverlays } from './python/overlay.ts';
import { addressOf } from './supervisor/process-plan.ts';
import { withStartLock } from './supervisor/start-lock.ts';
import { stopPlatform } from './supervisor/stop.ts';
import { isRunning, startProcesses } from './supervisor/supervisor.ts';
import { requireCompiled, type Workspace } from './workspace.ts';

const PARSE_TIMEOUT = 120_000;

export interface UpOptions {
  /** Stop everything when this process has gone, however it went. */
  owned: boolean;
}

/** Brings everything up, healthy, with every pipeline known to Airflow but not yet switched on. */
export async function bringUp(workspace: Workspace, progress: Progress, { owned }: UpOptions): Promise<void> {
  requireCompiled(workspace);
  await withStartLock(workspace, async () => {
    if (isPythonReady(workspace) && isRunning(workspace))
      return progress.line(`${workspace.environment} is running already.`);
    // Its packages must not change under a running platform.
    if (!isPythonReady(workspace)) await stopPlatform(workspace);
    await inStage(progress, 'Python environment', (note) => preparePython(workspace, note));
    await inStage(progress, "Models' own environments", (note) => prepareOverlays(workspace, note));
    const begun = new Date();
    await startProcesses(workspace, progress, owned);
    if (pipelinesOf(workspace).length > 0)
      await inStage(progress, 'Pipelines in Airflow', (note) => awaitPipelines(workspace, begun, note));
  });
}

/** Switches every pipeline's schedule on. */
export async function unpauseAll(workspace: Workspace): Promise<void> {
  for (const pipeline of pipelinesOf(workspace)) await airflowOf(workspace).setPaused(pipeline, false);
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

/** Airflow keeps what it knew from the run before, so only what it has read since `begun` counts. */
async function awaitPipelines(workspace: Workspace, begun: Date, note: (text: string) => void): Promise<void> {
  const airflow = airflowOf(workspace);
  const expected = pipelinesOf(workspace);
  for (const end = Date.now() + PARSE_TIMEOUT; Date.now() < end; await sleep(500)) {
    const [dags, errors] = await Promise.all([airflow.dags(), airflow.importErrors()]);
    const read = new Set(
      dags.filter(({ last_parsed_time }) => new Date(last_parsed_time ?? 0) > begun).map(({ dag_id }) => dag_id),
    );
    const missing = expected.filter((name) => !read.has(name));
    if (missing.length === 0) return;
    const broken = errors.filter(({ filename }) => missing.includes(pipelineOfFile(filename)));
    if (broken.length > 0) throw new OperationError(broken.map(describeImportError).join('\n'), 1);
    note(`waiting for ${missing.join(', ')}`);
  }
  throw new OperationError(
    `Airflow did not read every generated DAG in ${PARSE_TIMEOUT / 1000} seconds.\n  Its log: ${join(workspace.logs, 'airflow-dag-processor.log')}`,
    1,
  );
}

const pipelineOfFile = (file: string) => file.split('/').at(-1)?.replace(/\.py$/, '') ?? '';

function describeImportError({ filename, stack_trace }: { filename: string; stack_trace: string }): string {
  return `Airflow cannot import ${filename}: ${stack_trace.trim().split('\n').at(-1)}`;
}
