/** What the commands that operate a platform have in common. */
import { OperationError } from '../diagnostics/operation-error.ts';
import type { Context, Option } from './command.ts';

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
