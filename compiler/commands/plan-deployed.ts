/** What `mlops plan --deployed` says of the environment: what runs, what would, and data that nothing would ask for. */
import { OperationError } from '../diagnostics/operation-error.ts';
import { currentRelease } from '../operate/releases.ts';
import { liveSupervisor } from '../operate/supervisor/run-state.ts';
import { openWorkspace, type Workspace } from '../operate/workspace.ts';
import type { Compared, DeployedBefore } from '../plan/document.ts';
import { holdings, leftBeside, linesOfLeft } from '../release/data.ts';
import { requireDroppable } from '../release/drop.ts';
import { manifestOf, wouldBecome } from '../release/make.ts';
import type { Arguments } from './command.ts';
import { droppedIn } from './drop-data.ts';

type Found = Pick<Compared, 'deployed'> & { notes?: string[] };

export async function deployedBefore(options: Arguments['options'], root: string, isCommit: boolean): Promise<Found> {
  const dropping = droppedIn(options);
  if (options['deployed'] === undefined) return {};
  const workspace = openWorkspace(root, String(options['deployed']));
  const running = { environment: workspace.environment, from: currentRelease(workspace) };
  const nothing = { deployed: { ...running, to: null, commit: null } };
  const partial = running.from === null ? undefined : manifestOf(workspace, running.from)?.partial;
  const notes = partial
    ? [`Release ${running.from} is mostly of that commit: ${partial.only.join(', ')} was deployed alone since.`]
    : [];
  if (isCommit) return { ...nothing, notes };
  let deployed: DeployedBefore;
  try {
    deployed = { ...running, ...wouldBecome(workspace) };
  } catch (problem) {
    if (!(problem instanceof OperationError)) throw problem;
    return { ...nothing, notes: [`It cannot be deployed: ${problem.message}`] };
  }
  const left = await dataLeft(workspace, dropping);
  return { deployed: { ...deployed, ...left.deployed }, notes: [...notes, ...left.notes] };
}

async function dataLeft(workspace: Workspace, dropping: string[]) {
  // A plan that a deploy would refuse is none to agree to.
  await requireDroppable(workspace, () => {}, { addresses: dropping, all: holdings });
  if (liveSupervisor(workspace) === null) return { deployed: {}, notes: [] };
  try {
    const { found: data } = await leftBeside(workspace, holdings, dropping);
    return { deployed: { data }, notes: linesOfLeft(data) };
  } catch (problem) {
    if (!(problem instanceof OperationError)) throw problem;
    return { deployed: {}, notes: [`It is not known what data is left that nothing asks for: ${problem.message}`] };
  }
}
