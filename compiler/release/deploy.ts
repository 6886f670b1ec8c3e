/** What `up`, `deploy` and `rollback` do: one attempt after the other, each of which ends wholly new or wholly old. */
import { OperationError } from '../diagnostics/operation-error.ts';
import { runsInContainers } from '../operate/containers/contract.ts';
import { inStage, type Progress } from '../operate/progress.ts';
import { atRelease, currentRelease, switchTo } from '../operate/releases.ts';
import { runningUnits } from '../operate/supervisor/ours.ts';
import { withStartLock } from '../operate/supervisor/start-lock.ts';
import { bringUp } from '../operate/up.ts';
import { linkState, requireCompiled, type Workspace } from '../operate/workspace.ts';
import type { LiveSide } from '../tools/live.ts';
import type { Approved } from './approved.ts';
import { type BackUp, backedUp, type MadeBefore } from './backed-up.ts';
import { type At, nowhere } from './boundaries.ts';
import { bringAlong, bringTo, deployTools } from './bring-to.ts';
import { liveChampions } from './champions.ts';
import { type Holdings, holdings, recordData, sayLeft } from './data.ts';
import { requireAgreed } from './deployable.ts';
import { dropData, sayMissing } from './drop.ts';
import { type Action, type Attempt, attempts, begin, end, recordLeft, unfinished, type Versions } from './ledger.ts';
import { makeRelease, manifestOf, type Partial } from './make.ts';
import { requirePossible } from './possible.ts';
import { liveSides } from './registry.ts';
import { retire } from './retire.ts';
import { before, goodBefore, halfDone, named, requireKept } from './wanted.ts';

/** A new attempt; or one that was killed is carried on, or taken back. */
export type Way = 'new' | 'resume' | 'abort';

export interface Wish {
  way?: Way;
  /** Just this is carried out, or nothing. */
  approved?: Approved | null;
  /** Also where somebody has changed what was deployed since. */
  withDrift?: boolean;
  /** What is released, where that is not the checkout itself: another folder like it. */
  source?: string;
  /** Only a part of the checkout, beside what runs. */
  part?: (checkout: Workspace) => Part;
  sides?: readonly LiveSide[];
  /** Seconds in which no new alert may begin, or all is taken back. */
  watch?: number;
  /** Models whose APIs may stay as they are, where their champions need it. */
  keeping?: readonly string[];
  /** Addresses of data that is dropped for good, once all else is done. */
  dropping?: readonly string[];
  data?: Holdings;
  /** Which versions serve. */
  registry?: typeof liveChampions;
  /** Before anything changes; where it fails nothing does. */
  backUp?: BackUp | null;
  at?: At;
}

/** What a partial deploy makes its release of. */
export interface Part {
  /** A folder like a checkout. */
  source: string;
  partial: Partial;
  /** What is taken, for people. */
  lines: string[];
  dispose(): void;
}

/** Starts what does not run. Returns the release that runs then. */
export async function deploy(checkout: Workspace, progress: Progress, wish: Wish = {}): Promise<string> {
  const { way = 'new', approved = null, sides = liveSides, at = nowhere, dropping = [], data = holdings } = wish;
  return withStartLock(checkout, async () => {
    const open = unfinished(checkout);
    at('locked');
    if (way !== 'new') return finish(checkout, progress, { way, sides, data, at }, open);
    requireCompiled(checkout);
    requirePossible(checkout, wish);
    if (open !== null && open.from !== null && wish.part !== undefined) throw halfDone(checkout, open);
    const backup = await backedUp(checkout, progress, wish.backUp ?? null);
    const to = await released(checkout, progress, wish);
    at('released');
    if (open !== null && open.to !== to && open.from !== null && open.from !== to) throw halfDone(checkout, open);
    const { withDrift = false } = wish;
    await requireAgreed(checkout, progress, { approved, sides, withDrift, to, open, dropping, data });
    const from = goodBefore(checkout, open);
    await attempt(checkout, progress, {
      action: 'deploy',
      from,
      to,
      aliases: {},
      approved,
      backup,
      sides,
      watch: wish.watch ?? 0,
      keeping: wish.keeping ?? [],
      dropping,
      data,
      registry: wish.registry ?? liveChampions,
      tries: true,
      at,
    });
    // A container may have any of them mounted, which no tool of ours tells.
    if (!runsInContainers(checkout)) await retire(checkout, progress, sides);
    await sayLeft(atRelease(checkout, to), progress, data);
    return to;
  });
}

/** To the release before, or the one that is named; its champions are those that served when it was left. */
export async function rollback(
  checkout: Workspace,
  progress: Progress,
  wanted: string | null,
  sides: readonly LiveSide[] = liveSides,
): Promise<string> {
  return withStartLock(checkout, async () => {
    const open = unfinished(checkout);
    const from = currentRelease(checkout);
    const to = wanted === null ? (open?.from ?? before(checkout, from)) : named(checkout, wanted);
    if (to === null)
      throw new OperationError(
        `There is no release of '${checkout.environment}' before the current one, so there is nothing to roll back ` +
          `to; \`mlops releases --env ${checkout.environment}\` lists what there is.`,
      );
    const left = attempts(checkout).filter((each) => each.from === to && each.to !== to);
    const aliases = left.at(-1)?.champions ?? {};
    const back = to === from ? {} : aliases;
    await attempt(checkout, progress, { action: 'rollback', from, to, aliases: back, sides });
    return to;
  });
}

/** What `mlops up` does. With `owned`, everything stops when this process has gone, however it went. */
export async function startAndDeploy(
  checkout: Workspace,
  progress: Progress,
  options: { owned: boolean },
): Promise<void> {
  requireCompiled(checkout);
  await withStartLock(checkout, async () => {
    const from = currentRelease(checkout);
    const to = await released(checkout, progress);
    const workspace = atRelease(checkout, to);
    const id = begin(checkout, { action: 'up', from, to, commit: manifestOf(checkout, to)?.commit ?? null });
    try {
      switchTo(workspace, to);
      await bringUp(workspace, progress, options);
      const results = await deployTools(workspace, progress);
      await bringAlong(workspace, progress);
      recordData(workspace, holdings.kinds);
      end(checkout, id, { outcome: 'done', results, problem: null });
    } catch (problem) {
      if (from !== null && runningUnits(workspace).size === 0) switchTo(workspace, from);
      end(checkout, id, { outcome: 'failed', results: {}, problem: messageOf(problem) });
      throw problem;
    }
  });
}

/** Nothing runs on it yet. */
async function released(
  checkout: Workspace,
  progress: Progress,
  { source, part: partOf, at = nowhere }: Pick<Wish, 'source' | 'part' | 'at'> = {},
): Promise<string> {
  linkState(checkout);
  const part = partOf?.(checkout) ?? null;
  for (const line of part?.lines ?? []) progress.line(line);
  const { id } = await inStage(
    progress,
    'Release',
    async () => makeRelease(checkout, { ...(source === undefined ? part : { source }), at }),
    (made) => `${made.id}, ${made.isNew ? `${made.files} files` : 'there already'}`,
  ).finally(() => part?.dispose());
  return id;
}

async function finish(
  checkout: Workspace,
  progress: Progress,
  { way, sides, data, at }: { way: 'resume' | 'abort'; sides: readonly LiveSide[]; data: Holdings; at: At },
  open: Attempt | null,
): Promise<string> {
  const { environment } = checkout;
  if (open === null)
    throw new OperationError(`No deploy of '${environment}' was cut short, so there is nothing to ${way}.`);
  const to = way === 'resume' ? open.to : open.from;
  if (to === null)
    throw new OperationError(
      `Nothing ran on '${environment}' before the deploy that was cut short, so there is nothing to go back to: ` +
        `\`mlops deploy --env ${environment} --resume\` carries it on, \`mlops down --env ${environment}\` stops it.`,
    );
  const aliases = way === 'resume' ? {} : (open.champions ?? {});
  const { action, from } = open;
  const dropping = way === 'resume' ? (open.drop ?? []) : [];
  await attempt(checkout, progress, {
    action,
    from,
    to: requireKept(checkout, to),
    aliases,
    sides,
    dropping,
    data,
    tries: action === 'deploy' && way === 'resume',
    at,
  });
  return to;
}

interface Wanted {
  action: Action;
  from: string | null;
  to: string;
  aliases: Versions;
  approved?: Approved | null;
  backup?: MadeBefore | null;
  sides: readonly LiveSide[];
  watch?: number;
  keeping?: readonly string[];
  dropping?: readonly string[];
  data?: Holdings;
  registry?: typeof liveChampions;
  tries?: boolean;
  at?: At;
}

/** Wholly new; or, where it fails, wholly old again, by the same steps. Only a kill leaves a half. */
async function attempt(checkout: Workspace, progress: Progress, wanted: Wanted): Promise<void> {
  const { action, from, to, aliases, sides, watch = 0, keeping = [], registry = liveChampions, at = nowhere } = wanted;
  const { approved, backup, dropping = [], data = holdings, tries = false } = wanted;
  const agreed = {
    ...(approved ? { plan: approved.digest } : {}),
    ...(backup ? { backup } : {}),
    ...(dropping.length === 0 ? {} : { drop: [...dropping] }),
  };
  const commit = manifestOf(checkout, to)?.commit ?? null;
  const id = begin(checkout, { action, from, to, commit, ...agreed });
  at('begun');
  sayMissing(checkout, to, progress, data);
  let served: Versions | null = null;
  let brought: Record<string, string>;
  try {
    const leaving = (champions: Record<string, { version: string }>) => {
      served = Object.fromEntries(Object.entries(champions).map(([model, { version }]) => [model, version]));
      recordLeft(checkout, id, served);
    };
    const steps = { leaving, aliases, sides, watch, keeping, registry, tries, at };
    brought = await bringTo(atRelease(checkout, to), progress, steps);
  } catch (problem) {
    progress.fail();
    // Until it is known what serves, nothing was changed.
    if (served === null) {
      end(checkout, id, { outcome: 'refused', results: {}, problem: messageOf(problem) });
      throw problem;
    }
    const before = from === to ? null : from;
    if (before !== null) await undo(checkout, progress, { before, problem, aliases: served, sides, at });
    at('ending');
    end(checkout, id, { outcome: before === null ? 'failed' : 'undone', results: {}, problem: messageOf(problem) });
    if (!(problem instanceof OperationError)) throw problem;
    throw new OperationError(`${problem.message}\n  ${now(checkout, before)}`, 1);
  }
  recordData(atRelease(checkout, to), data.kinds);
  const { results, problem } = await dropData(checkout, progress, { id, to, addresses: dropping, all: data, at });
  at('ending');
  end(checkout, id, { outcome: 'done', results: { ...brought, ...results }, problem });
  at('ended');
  if (problem !== null) throw new OperationError(problem, 1);
}

const now = ({ environment }: Workspace, before: string | null): string =>
  before === null
    ? 'What came before is deployed, what comes after is as it was. Once the cause is gone, deploy again: what is ' +
      'done already changes nothing.'
    : `'${environment}' runs release ${before} again, as before. Once the cause is gone, deploy again.`;

interface Undone {
  before: string;
  problem: unknown;
  aliases: Versions;
  sides: readonly LiveSide[];
  at: At;
}

async function undo(checkout: Workspace, progress: Progress, undone: Undone): Promise<void> {
  const { before, problem, aliases, sides, at } = undone;
  at('undoing');
  progress.line(`It failed: bringing '${checkout.environment}' back to release ${before}.`);
  try {
    await bringTo(atRelease(checkout, before), progress, { leaving: () => {}, aliases, sides, registry: null, at });
  } catch (second) {
    const way = `mlops deploy --env ${checkout.environment}`;
    throw new OperationError(
      `${messageOf(problem)}\n  Release ${before} could not be brought back: ${messageOf(second)}\n` +
        `  Once the cause is gone, \`${way} --abort\` brings it back, \`${way} --resume\` goes on to the new one.`,
      1,
    );
  }
}

const messageOf = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem));
