/** What brings an environment to a release, by what it consists of: supervised processes, or containers. */
import { basename } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { anyRuns, bringContainers, requireSecrets } from '../operate/containers/containers.ts';
import { readContainers, runsInContainers } from '../operate/containers/contract.ts';
import { requireEngine } from '../operate/containers/engine.ts';
import { prepareImages } from '../operate/containers/images.ts';
import { inStage, type Progress } from '../operate/progress.ts';
import { isPythonReady } from '../operate/python/environment.ts';
import { prepareOverlays } from '../operate/python/overlay.ts';
import { requireWholeDatabases } from '../operate/supervisor/databases.ts';
import { untilRecorded } from '../operate/supervisor/ours.ts';
import { readPlan } from '../operate/supervisor/process-plan.ts';
import { liveSupervisor } from '../operate/supervisor/run-state.ts';
import {
  changedSecrets,
  isAbandoned,
  reloadProcesses,
  sayTried,
  startProcesses,
} from '../operate/supervisor/supervisor.ts';
import { bringUp } from '../operate/up.ts';
import type { Workspace } from '../operate/workspace.ts';
import { packagesOf } from './contents.ts';
import { type Manifest, manifestOf } from './make.ts';

export interface Runner {
  /** Fails where the release cannot run, before anything is changed. Returns whether something runs now. */
  prepare(progress: Progress): Promise<boolean>;
  /** To the release, which is the current one by now: only what differs is started again. */
  bring(progress: Progress): Promise<void>;
  /** Whether tools are observed and brought one by one; else what is started brings them. */
  hasLiveSides: boolean;
}

/** Of the release that is the workspace's root. */
export const runnerOf = (workspace: Workspace): Runner =>
  runsInContainers(workspace) ? containers(workspace) : processes(workspace);

function processes(workspace: Workspace): Runner {
  let isNew = false;
  let abandoned = false;
  return {
    hasLiveSides: true,
    async prepare() {
      await untilRecorded(workspace);
      const runs = liveSupervisor(workspace) !== null;
      abandoned = isAbandoned(workspace);
      isNew = !runs && !abandoned;
      await requireWholeDatabases(workspace, readPlan(workspace).databases);
      if (!isNew) requireSamePackages(workspace);
      return runs;
    },
    bring: (progress) =>
      isNew ? bringUp(workspace, progress, { owned: false }) : deployProcesses(workspace, progress, abandoned),
  };
}

function containers(workspace: Workspace): Runner {
  let images: Record<string, string> = {};
  return {
    hasLiveSides: false,
    async prepare(progress) {
      await requireEngine(workspace);
      requireSecrets(workspace);
      const { packages } = releasedIn(workspace);
      const contract = readContainers(workspace);
      const work = (note: (text: string) => void) => prepareImages(workspace, contract, packages, note);
      images = await inStage(progress, 'Images', work, (names) => Object.values(names).join(', '));
      return anyRuns(workspace);
    },
    bring: async (progress) => {
      const { files } = releasedIn(workspace);
      const work = (note: (text: string) => void) => bringContainers(workspace, { files, images }, note);
      await inStage(progress, 'Containers', work, (done) => done);
    },
  };
}

function releasedIn(workspace: Workspace): Manifest {
  const id = basename(workspace.root);
  const manifest = manifestOf(workspace, id);
  if (manifest === null)
    throw new OperationError(`Release ${id} of '${workspace.environment}' is damaged: deploy makes it again.`);
  return manifest;
}

function requireSamePackages(workspace: Workspace): void {
  const { environment, checkout } = workspace;
  const wanted = manifestOf(workspace, basename(workspace.root));
  if (wanted !== null && JSON.stringify(wanted.packages) !== JSON.stringify(packagesOf(checkout, environment)))
    throw new OperationError(
      `Release ${wanted.id} needs other Python packages than the checkout's. Check out ` +
        `${wanted.commit?.id ?? 'what it was made of'}, and \`mlops up --env ${environment}\` installs them and ` +
        'starts everything again.',
    );
  if (!isPythonReady(workspace))
    throw new OperationError(
      `The Python packages or the runtime of '${environment}' have changed, and must not under running ` +
        `processes: \`mlops up --env ${environment}\` installs them and starts everything again.`,
    );
}

export async function deployProcesses(workspace: Workspace, progress: Progress, abandoned: boolean): Promise<void> {
  await inStage(progress, "Models' own environments", (note) => prepareOverlays(workspace, note));
  if (abandoned) {
    await startProcesses(workspace, progress, false);
    return sayTried(workspace).forEach(progress.line);
  }
  const secrets = changedSecrets(workspace).join(', ');
  const restarted = await inStage(
    progress,
    'Processes',
    (note) => reloadProcesses(workspace, note),
    (started) => {
      // A value in a file is read where it is needed, such as by the next run: nothing has to start again for it.
      if (started === 0) return secrets === '' ? 'nothing changed' : `none started again; new values of ${secrets}`;
      return `${started} started again${secrets === '' ? '' : `, with new values of ${secrets}`}`;
    },
  );
  if (restarted > 0) sayTried(workspace).forEach(progress.line);
}
