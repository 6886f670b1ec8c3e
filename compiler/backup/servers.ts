/** What servers keep: they are asked for it, and new ones are filled with it. Only they can read their folders. */
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OperationError } from '../diagnostics/operation-error.ts';
import { flushAll } from '../operate/machine/flush.ts';
import { runTool } from '../operate/machine/run-tool.ts';
import { preparePython } from '../operate/python/environment.ts';
import { atCurrent, atRelease } from '../operate/releases.ts';
import { withServers } from '../operate/supervisor/apart.ts';
import { evidenceIn } from '../operate/supervisor/call-runtime.ts';
import { runningUnits } from '../operate/supervisor/ours.ts';
import { type PlannedServerData, readPlan } from '../operate/supervisor/process-plan.ts';
import { platformEnvironment, resolveCommand } from '../operate/supervisor/units.ts';
import type { Workspace } from '../operate/workspace.ts';
import type { At } from './boundaries.ts';

/** Where dumps stand in a backup, a folder per server. No state has a folder of this name. */
export const DUMPS = 'dumps';

/** Of what runs, or is meant to; of the checkout where a release says nothing. */
const withPlan = (release: Workspace, checkout: Workspace): Workspace =>
  existsSync(release.plan) ? release : checkout;

export function serverData(workspace: Workspace): PlannedServerData[] {
  const { server_data: data, programs } = readPlan(withPlan(atCurrent(workspace), workspace));
  if (data !== undefined) return data;
  if (Object.keys(programs).length === 0) return [];
  throw new OperationError(
    `'${workspace.environment}' was deployed by a version of mlops that does not say how its servers are backed up. ` +
      `\`mlops deploy --env ${workspace.environment}\` once, and try again.`,
  );
}

/** Starts the servers for as long as it takes, where the environment does not run. */
export async function dumpServers(workspace: Workspace, data: PlannedServerData[], to: string): Promise<void> {
  const here = withPlan(atCurrent(workspace), workspace);
  const dumped = data.filter(({ dump }) => dump !== null);
  if (dumped.length === 0) return;
  const dump = async () => {
    for (const { folder, dump } of dumped) {
      const target = join(to, folder);
      mkdirSync(target, { recursive: true, mode: 0o700 });
      await call(here, dump ?? [], target);
    }
  };
  if (runningUnits(here).size > 0) return dump();
  return withServers(
    here,
    dumped.map(({ needs }) => needs),
    dump,
  );
}

/**
 * Fills new servers below `prepared`, where a backup's files are. They listen on the environment's own ports, of which
 * nothing runs. What could not be filled again and is made again in another way comes back as sentences.
 */
export async function fillServers(
  workspace: Workspace,
  { prepared, release, at }: { prepared: string; release: string | null; at: At },
): Promise<string[]> {
  const apart = { ...workspace, state: prepared, run: join(prepared, 'run') };
  const here = release === null ? apart : withPlan(atRelease(apart, release), apart);
  const dumps = join(prepared, DUMPS);
  const data = (readPlan(here).server_data ?? []).filter(({ restore }) => restore !== null);
  requireKnown(dumps, data);
  if (data.length === 0) {
    at('served');
    return [];
  }
  // Some servers run as users of their own, who go through it.
  chmodSync(prepared, 0o711);
  // Any that is there will do: `mlops up` brings it up to date.
  if (!existsSync(here.python)) await preparePython(here, () => {});
  const notes: string[] = [];
  await withServers(
    here,
    data.map(({ needs }) => needs),
    async () => {
      for (const { folder, restore } of data) {
        const { notes: said = [] } = await call(here, restore ?? [], join(dumps, folder));
        notes.push(...said);
      }
      at('served');
    },
  );
  rmSync(dumps, { recursive: true, force: true });
  flushAll(prepared, [prepared, ...data.flatMap(({ folder }) => everythingBelow(join(prepared, folder)))]);
  return notes;
}

function requireKnown(dumps: string, data: PlannedServerData[]): void {
  const unknown = existsSync(dumps)
    ? readdirSync(dumps).find((name) => data.every(({ folder }) => folder !== name))
    : undefined;
  if (unknown === undefined) return;
  throw new OperationError(
    `The backup has the data of the server '${unknown}', and what is compiled here has no such server. Nothing was ` +
      'changed. Check out the commit that it was made of, and `mlops compile`.',
  );
}

async function call(workspace: Workspace, command: string[], folder: string): Promise<{ notes?: string[] }> {
  const verb = command[3] ?? '';
  const output = await runTool(`\`mlops_runtime ${verb}\``, {
    command: [...resolveCommand(workspace, readPlan(workspace), command), folder],
    cwd: workspace.root,
    env: platformEnvironment(workspace),
    log: join(workspace.logs, `${verb}.log`),
    capture: true,
  });
  return evidenceIn(output);
}

const everythingBelow = (folder: string): string[] =>
  existsSync(folder)
    ? [folder, ...(readdirSync(folder, { recursive: true }) as string[]).map((path) => join(folder, path))]
    : [];
