/** The Python that `mlops notebook` opens notebooks with: Jupyter Lab, and `.venv` behind it. */
import { dirname, join } from 'node:path';
import { runtimeOf } from '../../product/product.ts';
import type { Workspace } from '../workspace.ts';
import { buildEnvironment, preparePython, sitePackages, sourcesBehind } from './environment.ts';

/** Builds what is not there. */
export async function prepareJupyter(workspace: Workspace, note: (text: string) => void): Promise<string> {
  await preparePython(workspace, note);
  const { lock } = runtimeOf(workspace.checkout);
  const target = join(workspace.checkout, '.mlops', 'jupyter-python');
  const jupyter = join(dirname(lock), 'images', 'platform', 'jupyter.lock');
  const paths = [sitePackages(workspace.venv), ...sourcesBehind(workspace)];
  await buildEnvironment(workspace, { target, lock: jupyter, paths, wheel: null }, note);
  return join(target, 'bin', 'python');
}
