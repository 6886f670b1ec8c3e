/**
 * Brings an environment's running tools to what is compiled: one step a target, each checked by asking the tool itself.
 */
import { OperationError } from '../operate/operation-error.ts';
import { inStage } from '../operate/platform.ts';
import type { Progress } from '../operate/progress.ts';
import { isPythonReady } from '../operate/python/environment.ts';
import { prepareOverlays } from '../operate/python/overlay.ts';
import { withStartLock } from '../operate/supervisor/start-lock.ts';
import { reloadProcesses, requireRunning } from '../operate/supervisor/supervisor.ts';
import { requireCompiled, type Workspace } from '../operate/workspace.ts';
import { type Live, LiveError, type LiveSide } from '../tools/live.ts';
import { recordDeployment } from './deployments.ts';
import { liveContext } from './live-context.ts';
import { inOrder } from './order.ts';
import { liveSides } from './registry.ts';

/** First the processes, then every live side. Stops at the first that fails: what comes later would build on it. */
export async function deploy(workspace: Workspace, progress: Progress): Promise<void> {
  requireCompiled(workspace);
  await withStartLock(workspace, async () => {
    await deployProcesses(workspace, progress);
    await deployTools(workspace, progress);
  });
}

/** Idempotent: applied twice, the second time changes nothing. */
export async function deployTools(workspace: Workspace, progress: Progress): Promise<void> {
  let note: (text: string) => void = () => {};
  const live = liveContext(workspace, (text) => note(text));
  for (const side of inOrder(liveSides.filter((each) => each.isIn(live)))) {
    const work = (stageNote: (text: string) => void) => {
      note = stageNote;
      return applied(side, live);
    };
    await inStage(progress, `Deploying to ${side.name}`, work, (result) => result);
  }
  recordDeployment(workspace);
}

async function applied(side: LiveSide, live: Live): Promise<string> {
  try {
    const done = await side.apply(live);
    live.note('checking');
    const found = await side.check(live);
    return [done, found].filter(Boolean).join('; ');
  } catch (problem) {
    if (!(problem instanceof LiveError)) throw problem;
    throw new OperationError(
      `The deploy to ${live.environment} stopped at ${side.name}: ${problem.message}\n  What came before is deployed, what comes after is as it was. Once the cause is gone, deploy again: what is done already changes nothing.`,
      1,
    );
  }
}

async function deployProcesses(workspace: Workspace, progress: Progress): Promise<void> {
  requireRunning(workspace);
  if (!isPythonReady(workspace))
    throw new OperationError(
      `The packages of '${workspace.environment}' have changed (runtime/requirements.lock), and must not under running processes: \`mlops up --env ${workspace.environment}\` installs them and starts anew.`,
    );
  await inStage(progress, "Models' own environments", (note) => prepareOverlays(workspace, note));
  await inStage(
    progress,
    'Processes',
    (note) => reloadProcesses(workspace, note),
    (started) => (started === 0 ? 'nothing changed' : `${started} started anew`),
  );
}
