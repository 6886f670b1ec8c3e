/** What a target's live side may use, made from a checkout and one of its environments. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, OperationError } from '../operate/operation-error.ts';
import { runTool } from '../operate/run-tool.ts';
import { generatedSecret } from '../operate/secrets.ts';
import { addressOf, platformEnvironment } from '../operate/supervisor/process-plan.ts';
import type { Workspace } from '../operate/workspace.ts';
import { type Live, LiveError } from '../tools/live.ts';

export function liveContext(workspace: Workspace, note: (text: string) => void): Live {
  const generated = join(workspace.root, 'generated');
  return {
    environment: workspace.environment,
    root: workspace.root,
    read: (path) => readIfThere(join(generated, path)),
    list: (folder) => filesBelow(generated, folder),
    address: (process) => (existsSync(workspace.plan) ? addressOf(workspace, process) : null),
    runtime: (...command) => runtime(workspace, command),
    secret: (name) => generatedSecret(workspace.state, name),
    note,
  };
}

async function runtime(workspace: Workspace, command: string[]): Promise<Record<string, unknown>> {
  const call = {
    command: [workspace.python, '-m', 'mlops_runtime', ...command],
    cwd: workspace.root,
    env: platformEnvironment(workspace),
  };
  const log = join(workspace.logs, `deploy-${command[0] ?? 'runtime'}.log`);
  try {
    const output = await runTool(`\`mlops_runtime ${command.join(' ')}\``, { ...call, log, capture: true });
    return JSON.parse(output.trimEnd().split('\n').at(-1) || '{}') as Record<string, unknown>;
  } catch (problem) {
    if (problem instanceof OperationError) throw new LiveError(problem.message);
    throw problem;
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function filesBelow(generated: string, folder: string): string[] {
  try {
    const entries = readdirSync(join(generated, folder), { withFileTypes: true });
    const paths = entries.flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(generated, path) : [path];
    });
    return paths.sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
