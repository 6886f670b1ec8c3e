/** Where the checkout is no longer what runs: a run goes by the release. */
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { releaseAt } from '../operate/releases.ts';
import type { Workspace } from '../operate/workspace.ts';
import { type Contents, contentsOf } from './contents.ts';
import { manifestOf } from './make.ts';

const NAMED = 3;

/** A sentence; null where nothing differs, or nothing was released. */
export function difference(workspace: Workspace): string | null {
  const id = releaseAt(workspace);
  const running = id === null ? undefined : manifestOf(workspace, id)?.files;
  if (running === undefined) return null;
  let here: Contents;
  try {
    here = contentsOf(workspace.checkout, workspace.environment);
  } catch (problem) {
    if (!(problem instanceof OperationError)) throw problem;
    return `What runs is release ${id}; the checkout could not be released: ${problem.message}`;
  }
  const changed = [...new Set([...here.keys(), ...Object.keys(running)])]
    .filter((path) => here.get(path) !== running[path])
    .sort((one, other) => Number(isGenerated(one)) - Number(isGenerated(other)));
  if (changed.length === 0) return null;
  const more = changed.length > NAMED ? ` and ${changed.length - NAMED} more` : '';
  const names = changed.slice(0, NAMED).map(printable).join(', ');
  return (
    `What runs is release ${id}, and the checkout differs from it: ${names}${more}. ` +
    `\`mlops deploy --env ${workspace.environment}\` brings it there.`
  );
}

const isGenerated = (path: string): boolean => path.startsWith('generated/');
