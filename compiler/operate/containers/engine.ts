/** The only caller of `docker`. Which engine that reaches is for docker's own variables and contexts to say. */
import { join } from 'node:path';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { printable } from '../../diagnostics/printable.ts';
import { outputOf, startTool, type ToolEnd } from '../machine/run-tool.ts';
import { currentLink } from '../releases.ts';
import type { Workspace } from '../workspace.ts';
import { type ContainerContract, composeFile } from './contract.ts';

export const overrideFile = ({ state }: Pick<Workspace, 'state'>): string => join(state, 'compose', 'override.yaml');

/** Seconds for an answer that makes and starts nothing: an engine that hangs would never give one. */
const PATIENCE = 60;

async function call(workspace: Workspace, words: string[], log: string, patience?: number): Promise<ToolEnd> {
  try {
    return await startTool({
      command: ['docker', ...words],
      cwd: workspace.state,
      env: process.env as Record<string, string>,
      log: join(workspace.logs, `${log}.log`),
      capture: true,
      ...(patience === undefined ? {} : { patience }),
    });
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'ENOENT') throw problem;
    throw new OperationError(
      `'${workspace.environment}' runs in containers, and there is no program \`docker\` here. Install Docker with ` +
        'its Compose plugin on this machine, or deploy from the one that has it.',
    );
  }
}

/** What it prints. */
export const docker = async (workspace: Workspace, what: string, words: string[], log: string): Promise<string> =>
  outputOf(what, join(workspace.logs, `${log}.log`), await call(workspace, words, log));

/** The same, of what only looks. */
const asked = async (workspace: Workspace, what: string, words: string[]): Promise<string> =>
  outputOf(what, join(workspace.logs, 'docker.log'), await call(workspace, words, 'docker', PATIENCE));

/** Whether it ends well, as where there is what is asked for. */
export const answers = async (workspace: Workspace, words: string[]): Promise<boolean> =>
  (await call(workspace, words, 'docker', PATIENCE)).exit === '0';

/**
 * By the link to the current release, not by the release's own folder: each service reads the same in all releases, and
 * differs only where something else does.
 */
export function compose(workspace: Workspace, contract: ContainerContract, words: string[]): Promise<string> {
  const [verb = ''] = words;
  return docker(workspace, named(verb), composing(workspace, contract, words), `compose-${verb}`);
}

const named = (verb: string): string => `\`docker compose ${verb}\``;

function composing(workspace: Workspace, { project }: ContainerContract, words: string[]): string[] {
  const there = { root: currentLink(workspace), environment: workspace.environment };
  const files = [composeFile(there), overrideFile(workspace)].flatMap((file) => ['--file', file]);
  const folder = join(composeFile(there), '..');
  return ['compose', '--project-name', project, '--project-directory', folder, ...files, ...words];
}

/** By the project's name alone, where what it was started from is gone with the state. */
export const removeProject = (workspace: Workspace, { project }: ContainerContract): Promise<string> =>
  docker(workspace, named('down'), ['compose', '--project-name', project, 'down', '--remove-orphans'], 'compose-down');

/** Fails with a sentence where there is no engine, or no Compose that waits for health. */
export async function requireEngine(workspace: Workspace): Promise<void> {
  if (!(await answers(workspace, ['compose', 'version'])))
    throw new OperationError(
      `'${workspace.environment}' runs in containers, and \`docker\` here has no Compose: install its plugin ` +
        '(`docker compose version` then names it), or deploy from the machine that has it.',
    );
  const version = await asked(workspace, named('version'), ['compose', 'version', '--short']);
  const [, major = 0, minor = 0] = (/^v?(\d+)\.(\d+)/.exec(version.trim()) ?? []).map(Number);
  if (major < 2 || (major === 2 && minor < 20))
    throw new OperationError(
      `Docker Compose here is ${version.trim() || 'of an unknown version'}; a deploy needs 2.20 or newer, which ` +
        'waits until what it started is healthy.',
    );
  await asked(workspace, 'The Docker engine', ['version', '--format', '{{.Server.Version}}']);
}

/** Service → ids of its containers, those that have ended included. */
export async function containersNow(
  workspace: Workspace,
  { project }: ContainerContract,
  onlyRunning = false,
): Promise<Map<string, string>> {
  const ofProject = ['--filter', `label=com.docker.compose.project=${project}`];
  const shown = ['--no-trunc', '--format', '{{.Label "com.docker.compose.service"}} {{.ID}}'];
  const all = onlyRunning ? [] : ['--all'];
  const printed = await asked(workspace, '`docker ps`', ['ps', ...all, ...ofProject, ...shown]);
  return new Map(
    linesOf(printed).map((line) => {
      const [, service, id] = /^(\S+) ([0-9a-f]{12,64})$/.exec(line) ?? [];
      if (service === undefined || id === undefined) throw notUnderstood('`docker ps`', line);
      return [service, id];
    }),
  );
}

export interface Shown {
  Service: string;
  State: string;
  /** Empty where nothing asks. */
  Health: string;
  ExitCode: number;
}

/** Those that run, or have ended. Compose prints an object per line, and one list of all before 2.21. */
export async function shownContainers(workspace: Workspace, contract: ContainerContract): Promise<Shown[]> {
  const words = ['ps', '--all', '--format', 'json'];
  return linesOf(await asked(workspace, named('ps'), composing(workspace, contract, words))).flatMap((line) => {
    const said = parsed(line);
    const all = Array.isArray(said) ? said : [said];
    if (!all.every(isShown)) throw notUnderstood(named('ps'), line);
    return all;
  });
}

const linesOf = (printed: string): string[] => printed.trim().split('\n').filter(Boolean);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isShown(value: unknown): value is Shown {
  const { Service, State, Health, ExitCode } = (value ?? {}) as Partial<Record<keyof Shown, unknown>>;
  return [Service, State, Health].every((each) => typeof each === 'string') && typeof ExitCode === 'number';
}

const notUnderstood = (what: string, line: string): OperationError =>
  new OperationError(
    `${what} printed what is no container: ${printable(line.slice(0, 200))}. Look whether the \`docker\` on the ` +
      'PATH is Docker itself, with its Compose plugin. Nothing was changed.',
    1,
  );
