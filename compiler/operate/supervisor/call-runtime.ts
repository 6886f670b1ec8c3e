/** The platform's own Python, called for one piece of work. */
import { join } from 'node:path';
import { outputOf } from '../machine/run-tool.ts';
import type { Workspace } from '../workspace.ts';
import { callPrepared } from './prepared-runtime.ts';

/** What it says of its work on its last line, which is one JSON object. */
export async function callRuntime(
  workspace: Workspace,
  command: string[],
  { what = `\`mlops_runtime ${command.join(' ')}\``, log, input = '' }: { what?: string; log: string; input?: string },
): Promise<Record<string, unknown>> {
  const file = join(workspace.logs, `${log}.log`);
  const output = outputOf(what, file, await callPrepared(workspace, command, { log: file, input }));
  return evidenceIn(output);
}

export const evidenceIn = (output: string): Record<string, unknown> =>
  JSON.parse(output.trimEnd().split('\n').at(-1) || '{}') as Record<string, unknown>;
