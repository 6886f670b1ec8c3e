/** What a tool's live side may use, made from a checkout and one of its environments. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, readIfThere } from '../operate/machine/files.ts';
import { runTool } from '../operate/machine/run-tool.ts';
import { addressOf } from '../operate/supervisor/process-plan.ts';
import { platformEnvironment } from '../operate/supervisor/units.ts';
import type { Workspace } from '../operate/workspace.ts';
import type { Live } from '../tools/live.ts';

export function liveContext(workspace: Workspace, note: (text: string) => void): Live {
  const generated = join(workspace.root, 'generated');
  return {
    environment: workspace.environment,
    root: workspace.root,
    read: (path) => readIfThere(join(generated, path)),
    writtenAt: (path) => statSync(join(generated, path), { throwIfNoEntry: false })?.mtime ?? null,
    list: (folder) => filesBelow(generated, folder),
    address: (process) => (existsSync(workspace.plan) ? addressOf(workspace, process) : null),
    callRuntime: (command, input) => callRuntime(workspace, command, input),
    note,
  };
}

async function callRuntime(workspace: Workspace, command: string[], input = ''): Promise<Record<string, unknown>> {
  const output = await runTool(`\`mlops_runtime ${command.join(' ')}\``, {
    command: [workspace.python, '-m', 'mlops_runtime', ...command],
    cwd: workspace.root,
    env: platformEnvironment(workspace),
    log: join(workspace.logs, `deploy-${command.filter((word) => word !== 'live').join('-')}.log`),
    capture: true,
    input,
  });
  return JSON.parse(output.trimEnd().split('\n').at(-1) || '{}') as Record<string, unknown>;
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
