/** What the commands that operate a platform have in common. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { hosts } from '../hosts/registry.ts';
import { openWorkspace, type Workspace } from '../operate/workspace.ts';
import type { Arguments, Context, Option } from './command.ts';

export const environmentOption: Option = {
  type: 'string',
  default: 'local',
  value: 'NAME',
  help: 'environment of platform.yaml',
};

/** Known failures become their sentences and exit code; bugs go on to the command line's own handler. */
export async function reportingFailures(context: Context, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (problem) {
    if (!(problem instanceof OperationError)) throw problem;
    context.err(`mlops: ${problem.message}\n`);
    return problem.exit;
  }
}

/** The environment that is asked for. Fails where its host has others start it than `mlops up`. */
export function workspaceOf({ root }: Context, { env }: Arguments['options']): Workspace {
  const environment = String(env);
  for (const { startedBy } of hosts) {
    const other = startedBy?.(environment);
    if (other && existsSync(join(root, other.file))) throw new OperationError(`'${environment}' ${other.how}`);
  }
  return openWorkspace(root, environment);
}
