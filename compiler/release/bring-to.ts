/** Brings an environment's processes and tools to a release. */
import { basename } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { needs, type Outdated } from '../diff/champions.ts';
import { beginTrial, endTrial } from '../operate/canary.ts';
import { keepApis, keptApis } from '../operate/kept-apis.ts';
import { isDamaged } from '../operate/machine/record-file.ts';
import type { Progress } from '../operate/progress.ts';
import { inStage } from '../operate/progress.ts';
import { currentRelease, switchTo } from '../operate/releases.ts';
import type { Workspace } from '../operate/workspace.ts';
import type { Live, LiveSide } from '../tools/live.ts';
import { type At, nowhere } from './boundaries.ts';
import { type Brought, bring } from './bring.ts';
import {
  type Champions,
  championRecord,
  lastChampions,
  leftInRegistry,
  liveChampions,
  recordChampions,
  recordedChampions,
  requireServable,
  strandedBy,
} from './champions.ts';
import { liveContext } from './context.ts';
import { askGolden, hasApis } from './golden.ts';
import type { Versions } from './ledger.ts';
import { inStages } from './order.ts';
import { askedForRecord, recordAskedFor, wasAskedFor } from './owned.ts';
import { deploymentRecord, recordDeployment } from './record.ts';
import { liveSides } from './registry.ts';
import { deployProcesses, runnerOf } from './runners.ts';
import { firing, watchAlerts } from './watch.ts';

/** Stops at the first tool that fails: what comes later would build on it. Done twice, the second applies nothing. */
export async function deployTools(
  workspace: Workspace,
  progress: Progress,
  { sides = liveSides, at = nowhere }: { sides?: readonly LiveSide[]; at?: At } = {},
): Promise<Record<string, string>> {
  const results: Record<string, string> = {};
  let note: (text: string) => void = () => {};
  const live = liveContext(workspace, (text) => note(text));
  const bringOne = (title: string, side: LiveSide, deletes: boolean): Promise<Brought> => {
    at('asking', side.name);
    const work = (stageNote: (text: string) => void) => {
      note = stageNote;
      return deployTool(workspace, side, live, deletes);
    };
    return inStage(progress, title, work, (brought) => brought.summary);
  };
  // Before they are written again.
  for (const each of damagedRecords(workspace)) progress.line(each);
  const stages = inStages(sides.filter((each) => each.isIn(live)));
  const deleting: LiveSide[] = [];
  for (const { stage, sides: those } of stages) {
    progress.line(`${stage[0]?.toUpperCase()}${stage.slice(1)}:`);
    for (const side of those) {
      const { summary, later } = await bringOne(`Deploying to ${side.name}`, side, false);
      at('brought', side.name);
      results[side.name] = summary;
      if (later > 0) deleting.unshift(side); // what uses others goes first
    }
  }
  if (deleting.length > 0) progress.line('Deletions:');
  for (const side of deleting) {
    results[side.name] = (await bringOne(`Deleting in ${side.name}`, side, true)).summary;
    at('brought', side.name);
  }
  recordDeployment(workspace);
  const champions = await liveChampions(live);
  if (champions === null) return results;
  for (const each of leftInRegistry(live, recordedChampions(workspace) ?? {})) progress.line(each);
  recordChampions(workspace, champions);
  return results;
}

/** What is lost with them, which are begun again. */
function damagedRecords(workspace: Workspace): string[] {
  const lost = [
    [deploymentRecord(workspace), 'Dashboards mark no deployments before this one.'],
    [championRecord(workspace), 'It is not known which models served before and are no longer in the specs.'],
    [askedForRecord(workspace), 'What releases before this one have left in tools is not known, and stays there.'],
  ] as const;
  return lost.flatMap(([file, loss]) =>
    isDamaged<unknown>(file)
      ? [`${file.path} is damaged, and begun again. ${loss} What stood there is kept as ${file.path}.damaged.`]
      : [],
  );
}

async function deployTool(workspace: Workspace, side: LiveSide, live: Live, deletes: boolean): Promise<Brought> {
  const asking = (addresses: Iterable<string>) => recordAskedFor(workspace, side.name, addresses);
  try {
    return await bring(side, live, { deletes, isOurs: wasAskedFor(workspace, side.name), asking });
  } catch (problem) {
    if (!(problem instanceof OperationError)) throw problem;
    throw new OperationError(`The deploy to ${live.environment} stopped at ${side.name}: ${problem.message}`, 1);
  }
}

export interface Steps {
  /** Before anything is changed: what serves now. */
  leaving(champions: Champions): void;
  /** Models whose alias goes back to an earlier version. */
  aliases: Versions;
  sides: readonly LiveSide[];
  at?: At;
  /** Models whose APIs may stay on the release that they are on, where their champions need it. */
  keeping?: readonly string[];
  /** So many seconds after everything is done no new alert may begin. */
  watch?: number;
  /** Which versions serve, for golden requests; null asks none, as on the way back: what ran before runs again. */
  registry: typeof liveChampions | null;
  /** Whether APIs whose specs say so are tried on a share of the connections first. */
  tries?: boolean;
}

/** Brings processes and tools to the release. Returns what was done, by tool. */
export async function bringTo(workspace: Workspace, progress: Progress, steps: Steps): Promise<Record<string, string>> {
  const runner = runnerOf(workspace);
  const runs = await runner.prepare(progress);
  const sides = runner.hasLiveSides ? steps.sides : [];
  const before = currentRelease(workspace);
  await inStage(progress, 'Champions', async (note) => {
    const live = liveContext(workspace, note);
    const champions = (runs ? await liveChampions(live) : lastChampions(workspace)) ?? {};
    const kept = keptApis(workspace);
    const staying = new Set([...(steps.keeping ?? []), ...Object.keys(kept)]);
    const stranded = requireServable(live, asTheyWillBe(champions, steps.aliases), staying);
    for (const each of stranded) progress.line(stays(each, live.environment));
    keepApis(workspace, Object.fromEntries(stranded.flatMap(({ model }) => onRelease(model, kept[model] ?? before))));
    steps.leaving(champions);
  });
  const alerts = runs
    ? await firing(
        sides,
        liveContext(workspace, () => {}),
      )
    : null;
  const { at = nowhere } = steps;
  at('left');
  switchTo(workspace, basename(workspace.root));
  at('switched');
  // An API that starts again looks for the version that it is to serve.
  if (runs) await moveAliases(workspace, progress, steps.aliases);
  if (steps.tries) beginTrial(workspace);
  else endTrial(workspace);
  try {
    await runner.bring(progress);
  } finally {
    endTrial(workspace);
  }
  if (!runs) await moveAliases(workspace, progress, steps.aliases);
  at('started');
  const golden = runner.hasLiveSides ? await asked(workspace, progress, steps) : {};
  const results = await deployTools(workspace, progress, { sides, at });
  at('recorded');
  return { ...golden, ...results, ...(await watched(workspace, progress, steps, alerts)) };
}

/**
 * After a start, before which no registry could be asked: an API that was kept behind comes along where its champion
 * needs nothing older any more.
 */
export async function bringAlong(workspace: Workspace, progress: Progress): Promise<void> {
  const kept = keptApis(workspace);
  if (Object.keys(kept).length === 0) return;
  const live = liveContext(workspace, () => {});
  const needed = new Set(strandedBy(live, (await liveChampions(live)) ?? {}).map(({ model }) => model));
  const still = Object.entries(kept).filter(([model]) => needed.has(model));
  if (still.length === Object.keys(kept).length) return;
  keepApis(workspace, Object.fromEntries(still));
  await deployProcesses(workspace, progress, false);
}

const onRelease = (model: string, id: string | null): [string, string][] => (id === null ? [] : [[model, id]]);

const stays = (outdated: Outdated, environment: string): string =>
  `${needs(outdated, environment)} Its API stays as it is until a new version is champion: run the training of ` +
  `${outdated.model}, then \`mlops deploy --env ${environment}\` brings the API along.`;

/** Before any tool is changed: of an API that does not predict, nothing else has to be taken back. */
async function asked(workspace: Workspace, progress: Progress, { registry }: Steps): Promise<Record<string, string>> {
  const look = liveContext(workspace, () => {});
  if (registry === null || !hasApis(look)) return {};
  const champions = await registry(look);
  if (champions === null) return {};
  const work = (note: (text: string) => void) => askGolden(liveContext(workspace, note), champions);
  return { 'golden requests': await inStage(progress, 'Golden requests', work, (said) => said) };
}

async function watched(
  workspace: Workspace,
  progress: Progress,
  { sides, watch = 0 }: Steps,
  alerts: ReadonlySet<string> | null,
): Promise<Record<string, string>> {
  if (watch === 0) return {};
  const before =
    alerts ??
    (await firing(
      sides,
      liveContext(workspace, () => {}),
    ));
  const work = (note: (text: string) => void) =>
    watchAlerts(sides, liveContext(workspace, note), { before, seconds: watch });
  return { alerts: await inStage(progress, 'New alerts', work, (said) => said) };
}

/** One whose alias goes back needs what it needed then, which its release gives it. */
const asTheyWillBe = (champions: Champions, aliases: Versions): Champions =>
  Object.fromEntries(
    Object.entries(champions).filter(([model, { version }]) => (aliases[model] ?? version) === version),
  );

async function moveAliases(workspace: Workspace, progress: Progress, aliases: Versions): Promise<void> {
  const live = liveContext(workspace, () => {});
  const champions = Object.keys(aliases).length === 0 ? {} : ((await liveChampions(live)) ?? {});
  for (const [model, version] of Object.entries(aliases))
    if (champions[model] && champions[model].version !== version)
      await inStage(
        progress,
        `Alias of ${model}`,
        // It was champion: the gate answered for it then, or somebody did.
        () => live.callRuntime(['promote', model, version, '--force', '--reason=rollback']),
        () => `version ${version} again`,
      );
}
