/**
 * Another value for a secret that the platform made for itself: whoever holds it starts again with the new one, or
 * all have the old one again. Where this is killed in between, the next deploy hands over what stands in the file.
 */
import { nearest } from '../diagnostics/nearest.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { inStage, type Progress } from '../operate/progress.ts';
import { generatedSecretFile, randomSecret } from '../operate/secrets.ts';
import { writeSecret } from '../operate/supervisor/kept-secrets.ts';
import { liveSupervisor } from '../operate/supervisor/run-state.ts';
import { madeSecrets } from '../operate/supervisor/secret-places.ts';
import { withStartLock } from '../operate/supervisor/start-lock.ts';
import { reloadProcesses } from '../operate/supervisor/supervisor.ts';
import type { Workspace } from '../operate/workspace.ts';
import { unfinished } from './ledger.ts';

/** What another value would take away, by the secret's name. */
const LASTING: Readonly<Record<string, string>> = {
  'airflow-fernet': 'Airflow has encrypted what it keeps with it, and could not read that any more',
  'postgres-admin': 'PostgreSQL keeps it for its owner, and lets nobody in who has another',
};

/** How many processes were started again; null where nothing runs. */
export async function rotate(workspace: Workspace, progress: Progress, name: string): Promise<number | null> {
  const values = madeSecrets(workspace);
  const old = values[name];
  if (old === undefined) throw unknown(workspace, name, Object.keys(values));
  const lasting = LASTING[name];
  if (lasting !== undefined) throw new OperationError(`'${name}' stays as it is: ${lasting}.`);
  return withStartLock(workspace, async () => {
    const open = unfinished(workspace);
    if (open !== null)
      throw new OperationError(
        `A ${open.action} of '${workspace.environment}' has not ended; end it first, with ` +
          `\`mlops deploy --resume\` or \`--abort\`, and '${name}' is as it was.`,
      );
    const file = generatedSecretFile(workspace.state, name);
    writeSecret(file, randomSecret());
    if (liveSupervisor(workspace) === null) return null;
    try {
      return await started(workspace, progress, `Another ${name}`);
    } catch (problem) {
      writeSecret(file, old);
      const again = await takenBack(workspace, progress, name);
      if (!(problem instanceof OperationError)) throw problem;
      throw new OperationError(`${problem.message}\n  ${again}`, 1);
    }
  });
}

/** In a sentence, whether what runs has the old value again. */
async function takenBack(workspace: Workspace, progress: Progress, name: string): Promise<string> {
  try {
    await started(workspace, progress, `${name} as it was`);
    return `'${name}' has its old value again.`;
  } catch (problem) {
    if (!(problem instanceof OperationError)) throw problem;
    return (
      `'${name}' has its old value again, and not all that reads it came up with that: ${problem.message}\n  ` +
      `Once the cause is gone, \`mlops deploy --env ${workspace.environment}\` hands it over.`
    );
  }
}

const started = (workspace: Workspace, progress: Progress, title: string): Promise<number> =>
  inStage(
    progress,
    title,
    (note) => reloadProcesses(workspace, note),
    (count) => `${count} started again`,
  );

function unknown({ environment }: Workspace, name: string, names: string[]): OperationError {
  const near = nearest(name, names);
  const made =
    names.length > 0 ? `It has made ${names.sort().join(', ')}.` : 'It has made none yet: nothing was started.';
  return new OperationError(
    `The platform has made no secret '${printable(name)}' for '${environment}'. ` +
      `${near ? `Did you mean '${near}'?` : made} A value of your own is set with \`mlops secrets set\`.`,
  );
}
