/** An environment of containers, brought to the release that is current. */
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { parse } from 'yaml';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { writeDurably } from '../machine/record-file.ts';
import { releasesOf } from '../releases.ts';
import { secretPlaces, secretValue } from '../supervisor/secret-places.ts';
import type { Workspace } from '../workspace.ts';
import { type ContainerContract, composeFile, readContainers, started } from './contract.ts';
import { compose, containersNow, overrideFile, removeProject, type Shown, shownContainers } from './engine.ts';
import { type Known, overrideOf } from './override.ts';

/** Seconds until what was started is healthy: JVMs and Airflow take minutes on a busy host, a team's packages more. */
const PATIENCE = 900;

/** Whether any of them runs. */
export const anyRuns = async (workspace: Workspace): Promise<boolean> =>
  (await containersNow(workspace, readContainers(workspace), true)).size > 0;

/** Only what differs is made again; setup runs to its end each time. In a few words, what was done. */
export async function bringContainers(
  workspace: Workspace,
  { files, images }: { files: Known['files']; images: Known['images'] },
  note: (text: string) => void,
): Promise<string> {
  const contract = readContainers(workspace);
  const secrets = secretPlaces(workspace).flatMap(({ name, file }) => (file === null ? [] : [[name, file] as const]));
  const releases = releasesOf(workspace);
  const override = overrideOf(contract, { releases, images, files, secrets: Object.fromEntries(secrets) });
  replaceFile(overrideFile(workspace), override);
  const before = await containersNow(workspace, contract);
  note('waiting for Compose');
  const wait = ['--wait', '--wait-timeout', String(PATIENCE)];
  await compose(workspace, contract, ['up', '--detach', '--no-build', '--remove-orphans', ...wait]);
  const after = await containersNow(workspace, contract);
  requireAll(contract, after);
  return said(before, after);
}

/** What is started is there, if only as what has ended. */
function requireAll(contract: ContainerContract, there: ReadonlyMap<string, string>): void {
  const missing = started(contract).flatMap(([name]) => (there.has(name) ? [] : [name]));
  if (missing.length > 0)
    throw new OperationError(
      `Compose says that all was started, and the engine has no container of ${missing.join(', ')}. Look whether ` +
        'both are of the same engine (`docker context ls`, DOCKER_HOST).',
      1,
    );
}

/** Whoever calls Compose sees the old or the new. */
function replaceFile(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  writeDurably(beside, content);
  renameSync(beside, path);
}

function said(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string {
  const made = [...after].filter(([name, id]) => before.get(name) !== id).map(([name]) => name);
  const again = made.filter((name) => before.has(name));
  const gone = [...before.keys()].filter((name) => !after.has(name));
  const done = { new: made.length - again.length, 'made again': again.length, removed: gone.length };
  const parts = Object.entries(done).flatMap(([what, number]) => (number > 0 ? [`${number} ${what}`] : []));
  const others = after.size - made.length;
  return parts.length === 0 ? `all ${others} as they were` : [...parts, `${others} as they were`].join(', ');
}

interface Composed {
  services: Record<string, { profiles?: string[]; secrets?: (string | { source: string })[] }>;
}

/** Docker would make a folder in the place of a file that is missing, and start the container with that. */
export function requireSecrets(workspace: Workspace): void {
  const { services } = parse(readFileSync(composeFile(workspace), 'utf8'), { merge: true }) as Composed;
  const used = new Set(
    Object.values(services)
      .filter(({ profiles }) => profiles === undefined)
      .flatMap(({ secrets = [] }) => secrets.map((each) => (typeof each === 'string' ? each : each.source))),
  );
  const missing = secretPlaces(workspace).filter((place) => used.has(place.name) && secretValue(place) === null);
  if (missing.length === 0) return;
  const { environment } = workspace;
  const own = missing.filter(({ isOwn }) => isOwn);
  const theirs = missing.filter(({ isOwn }) => !isOwn);
  throw new OperationError(
    [
      `Containers of '${environment}' need secrets that have no value: ${missing.map(({ name }) => name).join(', ')}.`,
      ...(own.length > 0 ? [`\`mlops secrets make --env ${environment}\` makes the platform's own.`] : []),
      ...theirs.map(({ name, file, variable }) =>
        file === null
          ? `${name} is in the variable ${variable} of who deploys.`
          : `\`mlops secrets set ${name} --env ${environment}\` sets ${name}.`,
      ),
    ].join(' '),
  );
}

/** Stops and removes them; volumes, and so all that was stored, stay. Returns how many there were. */
export async function removeContainers(workspace: Workspace): Promise<number> {
  const contract = readContainers(workspace);
  const { size } = await containersNow(workspace, contract);
  if (size === 0) return 0;
  if (existsSync(overrideFile(workspace))) await compose(workspace, contract, ['down', '--remove-orphans']);
  else await removeProject(workspace, contract);
  return size;
}

export interface ContainerStatus {
  service: string;
  /** Compose's word, and what it ended with, if it did. */
  state: string;
  isWell: boolean;
}

/** Of those that a deploy starts, whether they are there or not. */
export async function containerStatus(workspace: Workspace): Promise<ContainerStatus[]> {
  const contract = readContainers(workspace);
  if (!existsSync(overrideFile(workspace))) return [];
  const found = new Map((await shownContainers(workspace, contract)).map((each) => [each.Service, each]));
  return started(contract).map(([service, { once }]) => statusOf(service, once, found.get(service) ?? null));
}

function statusOf(service: string, once: boolean, shown: Shown | null): ContainerStatus {
  if (shown === null) return { service, state: 'missing', isWell: false };
  const { State: state, Health: health, ExitCode: exit } = shown;
  if (state !== 'running')
    return {
      service,
      state: exit === 0 && once ? 'done' : `${state} (exit status ${exit})`,
      isWell: once && exit === 0,
    };
  return { service, state: health || state, isWell: once || health === '' || health === 'healthy' };
}
