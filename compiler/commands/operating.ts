/** What the commands that operate a platform have in common. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../diagnostics/nearest.ts';
import { OperationError } from '../diagnostics/operation-error.ts';
import { printable } from '../diagnostics/printable.ts';
import { hosts } from '../hosts/registry.ts';
import { atCurrent } from '../operate/releases.ts';
import { openWorkspace, type Workspace } from '../operate/workspace.ts';
import { type Arguments, type Context, type Option, UsageError } from './command.ts';

export const environmentOption: Option = {
  type: 'string',
  default: 'local',
  value: 'NAME',
  help: 'environment of platform.yaml',
};

/** Known failures become their sentences and exit code; bugs go on to the command line's own handler. */
export async function reportingFailures(context: Context, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (problem) {
    if (!(problem instanceof OperationError)) throw problem;
    context.err(`mlops: ${problem.message}\n`);
    return problem.exit;
  }
}

/** The environment that is asked for, whatever it runs on. */
export const releasedTo = ({ root }: Context, { env }: Arguments['options']): Workspace =>
  openWorkspace(root, String(env));

/** The environment that is asked for. Fails where its host has others start it than `mlops up`. */
export function workspaceOf({ root }: Context, { env }: Arguments['options']): Workspace {
  const environment = String(env);
  for (const { startedBy } of hosts) {
    const other = startedBy?.(environment);
    if (other && existsSync(join(root, other.file))) throw new OperationError(`'${environment}' ${other.how}`);
  }
  return openWorkspace(root, environment);
}

/** The same, for what works with what runs: the release that is current, whatever the checkout holds by now. */
export const runningOf = (context: Context, options: Arguments['options']): Workspace =>
  atCurrent(workspaceOf(context, options));

interface Unknown {
  kind: 'pipeline' | 'model';
  name: string;
  /** Those that the release has which runs. */
  known: readonly string[];
}

const CONTRACTS = { pipeline: 'common/runtime/pipelines', model: 'common/mlflow' };

/** For a name that what runs does not have: a slip, or something that waits for a deploy. */
export function unknownThing(workspace: Workspace, { kind, name, known }: Unknown): UsageError {
  const near = nearest(name, known);
  const hint = near ? `did you mean '${near}'?` : `there are ${known.join(', ') || 'none: run `mlops compile`'}`;
  return new UsageError(notDeployed(workspace, kind, name) ?? `there is no ${kind} '${printable(name)}'; ${hint}`);
}

/** Those of the checkout, by name. */
export function compiledThings({ checkout }: Workspace, kind: 'pipeline' | 'model'): string[] {
  const folder = join(checkout, 'generated', CONTRACTS[kind]);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) => /^(\w+)\.json$/.exec(file)?.[1] ?? []);
}

/** Null where the checkout has no such thing either. */
export function notDeployed(
  { checkout, environment }: Workspace,
  kind: 'pipeline' | 'model',
  name: string,
): string | null {
  if (!/^\w+$/.test(name) || !existsSync(join(checkout, 'generated', CONTRACTS[kind], `${name}.json`))) return null;
  return (
    `the ${kind} ${name} is compiled, and not deployed yet: \`mlops deploy --env ${environment}\` brings it to what ` +
    'runs, `mlops up` where nothing does'
  );
}
