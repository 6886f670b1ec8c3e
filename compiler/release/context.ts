/** What a tool's live side may use, made from a checkout and one of its environments. */
import { existsSync, lstatSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, readIfThere } from '../operate/machine/files.ts';
import { runTool } from '../operate/machine/run-tool.ts';
import { releaseAt } from '../operate/releases.ts';
import { generatedSecret } from '../operate/secrets.ts';
import { callRuntime } from '../operate/supervisor/call-runtime.ts';
import { secretsOfUser } from '../operate/supervisor/given-secrets.ts';
import { addressOf, readPlan } from '../operate/supervisor/process-plan.ts';
import { resolveUnits } from '../operate/supervisor/units.ts';
import type { Workspace } from '../operate/workspace.ts';
import type { Live } from '../tools/live.ts';

export function liveContext(workspace: Workspace, note: (text: string) => void): Live {
  const generated = join(workspace.root, 'generated');
  return {
    environment: workspace.environment,
    root: workspace.root,
    release: releaseAt(workspace),
    read: (path) => readIfThere(join(generated, path)),
    writtenAt: (path) => statSync(join(generated, path), { throwIfNoEntry: false })?.mtime ?? null,
    link: (path) => linkAt(join(workspace.state, path)),
    list: (folder) => filesBelow(generated, folder),
    address: (process) => (existsSync(workspace.plan) ? addressOf(workspace, process) : null),
    secret: (name) => generatedSecret(workspace.state, name),
    callRuntime: (command, input) =>
      callRuntime(workspace, command, {
        log: `deploy-${command.filter((word) => word !== 'live').join('-')}`,
        ...(input === undefined ? {} : { input }),
      }),
    doStep: (name) => doStep(workspace, name),
    note,
  };
}

function linkAt(path: string): ReturnType<Live['link']> {
  try {
    return { target: readlinkSync(path), since: lstatSync(path).mtime };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function doStep(workspace: Workspace, name: string): Promise<void> {
  const units = resolveUnits(workspace, readPlan(workspace), secretsOfUser(workspace));
  const step = units.find((unit) => unit.kind === 'step' && unit.name === name);
  if (!step) throw new Error(`${workspace.environment} has no setup step '${name}'`);
  await runTool(`The step '${name}'`, { command: step.command, cwd: step.cwd, env: step.env, log: step.log });
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
