/** The plan that somebody agreed to, and whether it is still what a deploy would carry out. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { describe } from '../diff/compare.ts';
import { isObject, isTextOrNull } from '../operate/machine/record-file.ts';
import { atRelease, currentRelease, isReleaseId } from '../operate/releases.ts';
import { liveSupervisor } from '../operate/supervisor/run-state.ts';
import type { Workspace } from '../operate/workspace.ts';
import { amountOf, type LeftData } from '../tools/data.ts';
import type { Live, LiveSide } from '../tools/live.ts';
import { partsOf } from './contents.ts';
import { liveContext } from './context.ts';
import { driftOf } from './drift.ts';
import { type Attempt, attempts } from './ledger.ts';
import { type Commit, commitOf } from './make.ts';

/** Of the JSON that `mlops plan --deployed ENV --format json` prints. */
export interface Approved {
  /** SHA-256 of its bytes. */
  digest: string;
  environment: string;
  from: string | null;
  to: string;
  commit: Commit | null;
  /** Data that it says is dropped. */
  dropped: LeftData[];
}

const NAMED = 5;

/** `agreed` is the digest that somebody agreed to, where it is known. */
export function approvedIn(bytes: Buffer, file: string, environment: string, agreed: string | null): Approved {
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (agreed !== null && agreed.toLowerCase() !== digest)
    throw new OperationError(
      `${file} is not the plan that was agreed to: its SHA-256 is ${digest}, and ${printable(agreed)} was agreed to. ` +
        'Nothing was deployed.',
      1,
    );
  const plan = deployedIn(bytes);
  if (plan === null || !isPlan(plan))
    throw new OperationError(
      `${file} is no plan of what runs in an environment: ` +
        `\`mlops plan --deployed ${environment} --format json > ${file}\` makes one.`,
    );
  if (plan.environment !== environment)
    throw new OperationError(
      `${file} is the plan of '${printable(plan.environment)}', and not of '${environment}'. Nothing was deployed.`,
    );
  const { from, to, commit, data = [] } = plan;
  if (to === null)
    throw new OperationError(
      `${file} is the plan of a commit (--head), and says of no files that they are deployed. Check that commit out, ` +
        `and make the plan there: \`mlops plan --deployed ${environment} --format json\`.`,
    );
  return { digest, environment, from, to, commit, dropped: data.filter(({ drop }) => drop) };
}

type Planned = Omit<Approved, 'to' | 'digest' | 'dropped'> & { to: string | null; data?: LeftData[] };

function deployedIn(bytes: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (!isObject(value) || value['format'] !== 1 || !isObject(value['compared']) || !isObject(value['plan']))
      return null;
    const { deployed } = value['compared'];
    return isObject(deployed) ? deployed : null;
  } catch {
    return null;
  }
}

const isPlan = (value: Record<string, unknown>): value is Record<string, unknown> & Planned =>
  typeof value['environment'] === 'string' &&
  [value['from'], value['to']].every((id) => isTextOrNull(id) && (id === null || isReleaseId(id))) &&
  (value['data'] === undefined || (Array.isArray(value['data']) && value['data'].every(isLeft))) &&
  (value['commit'] === null || (isObject(value['commit']) && typeof value['commit']['id'] === 'string'));

const isLeft = (value: unknown): boolean =>
  isObject(value) &&
  ['address', 'unit'].every((key) => typeof value[key] === 'string') &&
  ['written', 'by'].every((key) => isTextOrNull(value[key])) &&
  typeof value['amount'] === 'number' &&
  typeof value['drop'] === 'boolean';

/** Fails where the release that was made, or what runs, is another than the plan was made for. Changes nothing. */
export function requireAsApproved(checkout: Workspace, approved: Approved, to: string, open: Attempt | null): void {
  const moved = [...specsMoved(checkout, approved, to), ...releaseMoved(checkout, approved, open)];
  if (moved.length > 0) throw worldMoved(checkout, moved);
}

function specsMoved({ checkout, environment }: Workspace, { to: planned, commit }: Approved, to: string): string[] {
  if (to === planned) return [];
  const now = commitOf(checkout, partsOf(environment));
  const files = commit === null ? [] : changedSince(checkout, commit.id, partsOf(environment));
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
  const which =
    files.length > 0 ? `; since then changed: ${files.slice(0, NAMED).map(printable).join(', ')}${more}` : '';
  return [
    `The plan is of ${nameOf(commit)}, which makes release ${planned}; the checkout is ${nameOf(now)}, and makes ` +
      `release ${to}${which}.`,
  ];
}

const nameOf = (commit: Commit | null): string =>
  commit === null ? 'no commit' : `commit ${commit.id.slice(0, 12)}${commit.dirty ? ' with changes' : ''}`;

/** Empty where git cannot tell, as of a commit that is not there. */
function changedSince(checkout: string, commit: string, parts: readonly string[]): string[] {
  try {
    const words = ['-C', checkout, 'diff', '--name-only', '-z', '--no-ext-diff', '--end-of-options', commit, '--'];
    const printed = execFileSync('git', [...words, ...parts], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64 * 1024 * 1024,
    });
    return printed.split('\0').filter((path) => path !== '');
  } catch {
    return [];
  }
}

/** A deploy of this very plan that was cut short may be carried on, and one that is done may be done again. */
function releaseMoved(checkout: Workspace, { from, to }: Approved, open: Attempt | null): string[] {
  const now = currentRelease(checkout);
  if (now === from || now === to || (open?.from === from && open.to === to)) return [];
  const last = attempts(checkout).findLast((each) => each.to === now);
  const since =
    last === undefined ? '' : `, deployed ${last.at.slice(0, 16).replace('T', ' ')} by ${printable(last.by)}`;
  return [`The plan was made for ${ran(from)}, and what runs now is ${ran(now)}${since}.`];
}

const ran = (release: string | null): string => (release === null ? 'an empty environment' : `release ${release}`);

/** Fails where other data is to be dropped than was agreed to, or more of it. A killed deploy may have begun on it. */
export function requireSameData(
  workspace: Workspace,
  { dropped: agreed }: Approved,
  now: { dropping: readonly string[]; dropped: readonly LeftData[]; open: Attempt | null },
): void {
  const planned = agreed.map(({ address }) => address);
  const moved: string[] = [];
  if ([...planned].sort().join() !== [...new Set(now.dropping)].sort().join())
    moved.push(`The plan drops ${listed(planned)}, and --drop-data names ${listed(now.dropping)}.`);
  for (const each of now.dropped.filter(({ address }) => !Object.hasOwn(now.open?.dropped ?? {}, address))) {
    const before = agreed.find(({ address }) => address === each.address);
    if (before !== undefined && amountOf(before) !== amountOf(each))
      moved.push(`${each.address} held ${amountOf(before)} when the plan was made, and holds ${amountOf(each)}.`);
  }
  if (moved.length > 0) throw worldMoved(workspace, moved);
}

const listed = (addresses: readonly string[]): string => addresses.map(printable).join(', ') || 'no data';

/** Fails where somebody changed what was deployed: the plan says nothing of what would become of that. */
export async function requireNoDrift(checkout: Workspace, sides: readonly LiveSide[]): Promise<void> {
  const current = currentRelease(checkout);
  if (current === null || liveSupervisor(checkout) === null) return; // there is nothing to ask
  const live = liveContext(atRelease(checkout, current), () => {});
  const moved = await movedIn(sides, live);
  if (moved.length > 0)
    throw worldMoved(checkout, [
      `What runs is not what was deployed (\`mlops drift --env ${checkout.environment}\`): ` +
        moved.slice(0, NAMED).join('; ') +
        `${moved.length > NAMED ? `; and ${moved.length - NAMED} more` : ''}. \`mlops rollback ${current} --env ` +
        `${checkout.environment}\` brings back what was deployed; --with-drift deploys nevertheless.`,
    ]);
}

async function movedIn(sides: readonly LiveSide[], live: Live): Promise<string[]> {
  const drifts = await driftOf(sides, live);
  return drifts.flatMap(({ tool, differences, problem }) => {
    const leaves = sides.find(({ name }) => name === tool)?.leaves ?? (() => false);
    const found = differences.filter((each) => !leaves(each)).map((each) => printable(describe(each)));
    return problem === null ? found : [`${tool} cannot be looked at (${printable(problem)})`];
  });
}

const worldMoved = ({ environment }: Workspace, moved: readonly string[]): OperationError =>
  new OperationError(
    `The plan is no longer what would be deployed to '${environment}':\n` +
      `${moved.map((each) => `  ${each}\n`).join('')}  Nothing was deployed. Make the plan again ` +
      `(\`mlops plan --deployed ${environment} --format json\`), and have it agreed to.`,
    1,
  );
