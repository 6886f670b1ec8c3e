/** The platform's own Python, called for one piece of work. */
import { join } from 'node:path';
import { runTool } from '../machine/run-tool.ts';
import type { Workspace } from '../workspace.ts';
import { platformEnvironment } from './units.ts';

/** What it says of its work on its last line, which is one JSON object. */
export async function callRuntime(
  workspace: Workspace,
  command: string[],
  { what = `\`mlops_runtime ${command.join(' ')}\``, log, input = '' }: { what?: string; log: string; input?: string },
): Promise<Record<string, unknown>> {
  const output = await runTool(what, {
    command: [workspace.python, '-m', 'mlops_runtime', ...command],
    cwd: workspace.root,
    env: platformEnvironment(workspace),
    log: join(workspace.logs, `${log}.log`),
    capture: true,
    input,
  });
  return JSON.parse(output.trimEnd().split('\n').at(-1) || '{}') as Record<string, unknown>;
}
