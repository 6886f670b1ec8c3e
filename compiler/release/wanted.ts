/** Which release is meant: by its name, as the one before, or of a deploy that was cut short. */
import { OperationError } from '../diagnostics/operation-error.ts';
import { currentRelease, isReleaseId, knownReleases } from '../operate/releases.ts';
import type { Workspace } from '../operate/workspace.ts';
import { type Attempt, attempts } from './ledger.ts';
import { manifestOf } from './make.ts';

/** What to go back to: of an attempt that was cut short, what ran before it. */
export const goodBefore = (checkout: Workspace, open: Attempt | null): string | null =>
  open === null ? currentRelease(checkout) : open.from;

export const halfDone = ({ environment }: Workspace, { from, to, at }: Attempt): OperationError =>
  new OperationError(
    `The deploy of release ${to} to '${environment}', begun ${at}, was cut short. First end it: ` +
      `\`mlops deploy --env ${environment} --resume\` goes on to ${to}, ` +
      `\`mlops deploy --env ${environment} --abort\` goes back to ${from}.`,
  );

/** The newest that ran before the current one, and is kept. */
export function before(checkout: Workspace, current: string | null): string | null {
  const kept = new Set(knownReleases(checkout));
  const left = attempts(checkout).filter(({ to, from }) => to === current && from !== null && from !== current);
  return left.map(({ from }) => from).findLast((from): from is string => from !== null && kept.has(from)) ?? null;
}

export function named(checkout: Workspace, wanted: string): string {
  // As a script has it that asked for the current release where there was none.
  if (wanted === 'null' || wanted === '')
    throw new OperationError(`Nothing ran on '${checkout.environment}' before, so there is nothing to roll back to.`);
  const found = knownReleases(checkout).filter((id) => id.startsWith(wanted));
  if (found.length === 1 && found[0] !== undefined && /^[0-9a-f]{4,12}$/.test(wanted)) return found[0];
  return requireKept(checkout, wanted);
}

export function requireKept(checkout: Workspace, id: string): string {
  if (isReleaseId(id) && manifestOf(checkout, id) !== null) return id;
  throw new OperationError(
    `'${checkout.environment}' keeps no release '${id.slice(0, 40)}'; ` +
      `\`mlops releases --env ${checkout.environment}\` lists those that it has.`,
  );
}
