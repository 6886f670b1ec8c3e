/** What a platform of the tests compiles to, checked out in a temporary folder, with some of its processes running. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createProgress } from '../../compiler/operate/progress.ts';
import type { ProcessPlan } from '../../compiler/operate/supervisor/process-plan.ts';
import { stopPlatform } from '../../compiler/operate/supervisor/stop.ts';
import { startProcesses } from '../../compiler/operate/supervisor/supervisor.ts';
import { openWorkspace, type Workspace } from '../../compiler/operate/workspace.ts';
import { testPython } from '../../compiler/test/python-batch.ts';
import { checkOut } from '../conformance/compiled.ts';
import { freePort } from '../free-port.ts';

/** `named` are the steps and processes that are kept. Their ports become free ones, wherever they are written. */
export function checkout(environment: string, named: readonly string[]): Workspace {
  // Not every user may enter a folder below the current user's own.
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'mlops-live-'));
  // Where we are root, PostgreSQL is another user, who must be able to enter.
  chmodSync(folder, 0o755);
  checkOut(folder);
  symlinkSync(dirname(dirname(testPython())), join(folder, '.venv'));
  const workspace = openWorkspace(folder, environment);
  mkdirSync(workspace.state, { recursive: true });
  rewrite<ProcessPlan>(workspace.plan, (plan) => ({
    ...plan,
    setup: kept(plan.setup, named),
    processes: kept(plan.processes, named),
  }));
  return workspace;
}

/** What they need of the others is not waited for. */
const kept = <T extends { name: string; needs?: string[] }>(all: readonly T[], named: readonly string[]): T[] =>
  all
    .filter(({ name }) => named.includes(name))
    .map((each) => ({ ...each, needs: (each.needs ?? []).filter((need) => named.includes(need)) }));

export function rewrite<T>(file: string, change: (content: T) => T): void {
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')) as T)));
}

/** Healthy when it resolves; where this process is killed, they end too. */
export async function start(workspace: Workspace): Promise<void> {
  try {
    await startProcesses(workspace, createProgress({ isTerminal: false, color: false, out: () => {} }), true);
  } catch (problem) {
    // A hook that throws before the first test is told by nobody else.
    console.error(problem);
    throw problem;
  }
}

export async function stopAndRemove(workspace: Workspace): Promise<void> {
  await stopPlatform(workspace);
  rmSync(workspace.root, { recursive: true, force: true });
}

/** Gives the kept processes ports that nobody else uses, and `others` that are written beside them. */
export async function moveToFreePorts(workspace: Workspace, others: readonly number[] = []): Promise<void> {
  const { processes } = JSON.parse(readFileSync(workspace.plan, 'utf8')) as ProcessPlan;
  const used = [...processes.flatMap(({ port }) => (port === null ? [] : [port])), ...others];
  const free = new Map<string, string>();
  for (const port of used) free.set(String(port), String(await freePort()));
  const pattern = new RegExp(`\\b(${[...free.keys()].join('|')})\\b`, 'g');
  for (const file of filesBelow(join(workspace.root, 'generated', workspace.environment)))
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(pattern, (port) => free.get(port) ?? port),
    );
}

const filesBelow = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[])
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile());

/** Files in which one of these values stands: logs, what is compiled, records of what runs. */
export const holding = (workspace: Workspace, values: readonly string[]): string[] =>
  [workspace.logs, join(workspace.root, 'generated'), join(workspace.state, 'run')].flatMap((folder) =>
    (readdirSync(folder, { recursive: true }) as string[])
      .map((name) => join(folder, name))
      .filter((file) => statSync(file).isFile())
      .filter((file) => {
        const text = readFileSync(file, 'utf8');
        return values.some((value) => text.includes(value));
      }),
  );
