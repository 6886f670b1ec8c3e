/** The only caller of `docker`. Which engine that reaches is for docker's own variables and contexts to say. */
import { join } from 'node:path';
import { OperationError } from '../../diagnostics/operation-error.ts';
import { outputOf, startTool, type ToolEnd } from '../machine/run-tool.ts';
import { currentLink } from '../releases.ts';
import type { Workspace } from '../workspace.ts';
import { type ContainerContract, composeFile } from './contract.ts';

export const overrideFile = ({ state }: Pick<Workspace, 'state'>): string => join(state, 'compose', 'override.yaml');

async function call(workspace: Workspace, words: string[], log: string): Promise<ToolEnd> {
  try {
    return await startTool({
      command: ['docker', ...words],
      cwd: workspace.state,
      env: process.env as Record<string, string>,
      log: join(workspace.logs, `${log}.log`),
      capture: true,
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

/** Whether it ends well, as where there is what is asked for. */
export const answers = async (workspace: Workspace, words: string[]): Promise<boolean> =>
  (await call(workspace, words, 'docker')).exit === '0';

/**
 * By the link to the current release, not by the release's own folder: each service reads the same in all releases, and
 * differs only where something else does.
 */
export function compose(workspace: Workspace, { project }: ContainerContract, words: string[]): Promise<string> {
  const there = { root: currentLink(workspace), environment: workspace.environment };
  const [verb = ''] = words;
  const files = [composeFile(there), overrideFile(workspace)].flatMap((file) => ['--file', file]);
  return docker(
    workspace,
    `\`docker compose ${verb}\``,
    ['compose', '--project-name', project, '--project-directory', join(composeFile(there), '..'), ...files, ...words],
    `compose-${verb}`,
  );
}

/** Fails with a sentence where there is no engine, or no Compose that waits for health. */
export async function requireEngine(workspace: Workspace): Promise<void> {
  if (!(await answers(workspace, ['compose', 'version'])))
    throw new OperationError(
      `'${workspace.environment}' runs in containers, and \`docker\` here has no Compose: install its plugin ` +
        '(`docker compose version` then names it), or deploy from the machine that has it.',
    );
  const version = await docker(workspace, '`docker compose version`', ['compose', 'version', '--short'], 'docker');
  const [, major = 0, minor = 0] = (/^v?(\d+)\.(\d+)/.exec(version.trim()) ?? []).map(Number);
  if (major < 2 || (major === 2 && minor < 20))
    throw new OperationError(
      `Docker Compose here is ${version.trim() || 'of an unknown version'}; a deploy needs 2.20 or newer, which ` +
        'waits until what it started is healthy.',
    );
  await docker(workspace, 'The Docker engine', ['version', '--format', '{{.Server.Version}}'], 'docker');
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
  const printed = await docker(workspace, '`docker ps`', ['ps', ...all, ...ofProject, ...shown], 'docker');
  const lines = printed.trim().split('\n').filter(Boolean);
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}
