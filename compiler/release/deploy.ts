/** Brings an environment's running processes and tools to what was compiled. */
import { OperationError } from '../diagnostics/operation-error.ts';
import type { Progress } from '../operate/progress.ts';
import { inStage } from '../operate/progress.ts';
import { isPythonReady } from '../operate/python/environment.ts';
import { prepareOverlays } from '../operate/python/overlay.ts';
import { requireWholeDatabases } from '../operate/supervisor/databases.ts';
import { readPlan } from '../operate/supervisor/process-plan.ts';
import { withStartLock } from '../operate/supervisor/start-lock.ts';
import {
  changedSecrets,
  isAbandoned,
  reloadProcesses,
  requireRunning,
  startProcesses,
} from '../operate/supervisor/supervisor.ts';
import { bringUp } from '../operate/up.ts';
import { requireCompiled, type Workspace } from '../operate/workspace.ts';
import type { Live, LiveSide } from '../tools/live.ts';
import { type Brought, bring } from './bring.ts';
import { liveChampions, recordChampions, recordedChampions, requireServable } from './champions.ts';
import { liveContext } from './context.ts';
import { inOrder } from './order.ts';
import { recordDeployment } from './record.ts';
import { liveSides } from './registry.ts';

/** What `mlops deploy` does, on a platform that runs. */
export async function deploy(workspace: Workspace, progress: Progress): Promise<void> {
  requireCompiled(workspace);
  await withStartLock(workspace, async () => {
    await deployProcesses(workspace, progress);
    await deployTools(workspace, progress);
  });
}

/** What `mlops up` does. With `owned`, everything stops when this process has gone, however it went. */
export async function startAndDeploy(
  workspace: Workspace,
  progress: Progress,
  options: { owned: boolean },
): Promise<void> {
  requireCompiled(workspace);
  await withStartLock(workspace, async () => {
    await bringUp(workspace, progress, options);
    await deployTools(workspace, progress);
  });
}

/** Stops at the first tool that fails: what comes later would build on it. Done twice, the second applies nothing. */
export async function deployTools(
  workspace: Workspace,
  progress: Progress,
  sides: readonly LiveSide[] = liveSides,
): Promise<void> {
  let note: (text: string) => void = () => {};
  const live = liveContext(workspace, (text) => note(text));
  for (const side of inOrder(sides.filter((each) => each.isIn(live)))) {
    const work = (stageNote: (text: string) => void) => {
      note = stageNote;
      return deployTool(side, live);
    };
    await inStage(progress, `Deploying to ${side.name}`, work, ({ summary }) => summary);
  }
  recordDeployment(workspace);
  const champions = await liveChampions(live);
  if (champions !== null) recordChampions(workspace, champions);
}

async function deployTool(side: LiveSide, live: Live): Promise<Brought> {
  try {
    return await bring(side, live);
  } catch (problem) {
    if (!(problem instanceof OperationError)) throw problem;
    throw new OperationError(
      `The deploy to ${live.environment} stopped at ${side.name}: ${problem.message}\n` +
        '  What came before is deployed, what comes after is as it was. Once the cause is gone, deploy again: ' +
        'what is done already changes nothing.',
      1,
    );
  }
}

async function deployProcesses(workspace: Workspace, progress: Progress): Promise<void> {
  const { environment } = workspace;
  const abandoned = isAbandoned(workspace);
  if (!abandoned) requireRunning(workspace);
  await requireWholeDatabases(workspace, readPlan(workspace).databases);
  if (!isPythonReady(workspace))
    throw new OperationError(
      `The Python packages or the runtime of '${environment}' have changed, and must not under running ` +
        `processes: \`mlops up --env ${environment}\` installs them and starts everything again.`,
    );
  await inStage(progress, 'Champions', async (note) => {
    const live = liveContext(workspace, note);
    requireServable(live, (abandoned ? recordedChampions(workspace) : await liveChampions(live)) ?? {});
  });
  await inStage(progress, "Models' own environments", (note) => prepareOverlays(workspace, note));
  if (abandoned) return startProcesses(workspace, progress, false);
  const secrets = changedSecrets(workspace);
  const because = secrets.length > 0 ? `, with new values of ${secrets.join(', ')}` : '';
  await inStage(
    progress,
    'Processes',
    (note) => reloadProcesses(workspace, note),
    (started) => (started === 0 ? 'nothing changed' : `${started} started again${because}`),
  );
}
