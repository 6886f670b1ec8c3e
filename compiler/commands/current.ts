import { analyse, emit } from '../compile.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { readSources } from '../source/read.ts';
import { GENERATED, readGenerated } from '../write/folder.ts';
import { whileNobodyWrites } from '../write/lock.ts';
import { isCurrent, planWrite } from '../write/plan.ts';
import { UsageError } from './command.ts';

/**
 * Fails where `generated/` is not what the specs say (what was reviewed must be what is deployed), or has no such
 * environment.
 */
export function requireCurrent(root: string, environment: string): void {
  // What was reviewed is deployed, also on the day after a suppression ended: that is told to the next pull request.
  const { ir } = analyse(readSources(root));
  if (!ir)
    throw new OperationError('The specs have errors, so there is nothing to deploy; `mlops validate` shows them.', 1);
  const known = ir.environments.map(({ name }) => name);
  if (!known.includes(environment)) {
    const near = nearest(environment, known);
    throw new UsageError(
      `there is no environment '${environment}'; ${near ? `did you mean '${near}'?` : `there are ${known.join(', ')}`}`,
    );
  }
  const wanted = emit(ir);
  if (!isCurrent(whileNobodyWrites(root, () => planWrite(wanted, readGenerated(root, wanted)))))
    throw new OperationError(
      `${GENERATED}/ is not what the specs say; run \`mlops compile\`, and have the difference reviewed.`,
      1,
    );
}
