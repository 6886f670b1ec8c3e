/**
 * A small checkout in a temporary folder, with real processes to supervise. Its ports are 15300 to 15499; files of
 * tests run at once, so each has its own.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine, markedProcesses } from '../../compiler/operate/machine/process-table.ts';
import { createProgress } from '../../compiler/operate/progress.ts';
import type { PlannedCanary, ProcessPlan } from '../../compiler/operate/supervisor/process-plan.ts';
import { stopPlatform } from '../../compiler/operate/supervisor/stop.ts';
import { openWorkspace, type Workspace } from '../../compiler/operate/workspace.ts';

interface Entry {
  name: string;
  command: string[];
  env?: Record<string, string>;
  needs?: string[];
  port?: number;
  health?: string;
  ready?: string;
  reads?: string[];
  takes?: string[];
  reloads?: boolean;
  rolls?: boolean;
  canary?: PlannedCanary;
}

interface Entries {
  setup?: Entry[];
  processes?: Entry[];
  programs?: ProcessPlan['programs'];
  databases?: ProcessPlan['databases'];
}

export interface Sandbox {
  workspace: Workspace;
  printed: () => string;
  progress: ReturnType<typeof createProgress>;
}

export function withSandbox(entries: Entries, work: (sandbox: Sandbox) => Promise<void>) {
  return async () => {
    const root = mkdtempSync(join(tmpdir(), 'mlops-operate-'));
    // With sources of a runtime it is a checkout, whose own lock counts: an empty one, so that nothing is installed.
    mkdirSync(join(root, 'runtime', 'mlops_runtime'), { recursive: true });
    writeFileSync(join(root, 'runtime', 'mlops_runtime', '__init__.py'), '');
    writeFileSync(join(root, 'runtime', 'requirements.lock'), '');
    writePlan(root, entries);
    const workspace = openWorkspace(root, 'local');
    const texts: string[] = [];
    const progress = createProgress({ isTerminal: false, color: false, out: (text) => void texts.push(text) });
    try {
      await work({ workspace, printed: () => texts.join(''), progress });
    } finally {
      await stopPlatform(workspace);
      rmSync(root, { recursive: true, force: true });
    }
  };
}

export function writePlan(root: string, { setup = [], processes = [], programs = {}, databases = [] }: Entries): void {
  const folder = join(root, 'generated', 'local', 'process');
  mkdirSync(folder, { recursive: true });
  const plan = {
    environment: 'local',
    state: '.mlops/local',
    programs,
    databases,
    setup: setup.map((one) => ({ env: {}, needs: [], ...one })),
    processes: processes.map((one) => ({ env: {}, needs: [], lock: null, ...addresses(one.port, one.name), ...one })),
    environment_variables: { GREETING: `from ${placeholder('state')}`, KEY: placeholder('secret:key') },
  };
  writeFileSync(join(folder, 'processes.json'), JSON.stringify(plan));
}

const placeholder = (name: string) => `\${${name}}`;

function addresses(port: number | undefined, name: string) {
  if (port === undefined) return { port: null, address: null, health: null };
  const address = `http://127.0.0.1:${port}`;
  return { port, port_field: `environments.local.ports.${name} in platform.yaml`, address, health: address };
}

/** A web server that says where it was started from and what it was given. */
export const server = (port: number): string[] => [
  process.execPath,
  '-e',
  `require('node:http').createServer((_, answer) => answer.end(JSON.stringify({ greeting: ` +
    `process.env.GREETING, key: process.env.KEY, pid: process.pid }))).listen(${port}, '127.0.0.1')`,
];

export const node = (program: string): string[] => [process.execPath, '-e', program];

/** But the Python that answers this process. */
export const runningIn = ({ workspace }: Sandbox) =>
  markedProcesses(workspace.state).filter(({ unit, parent }) => unit !== '' || parent !== process.pid);

export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  milliseconds = 120_000,
): Promise<Exclude<T, false | null | undefined>> {
  for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(50)) {
    const answer = await ask();
    if (answer) return answer as Exclude<T, false | null | undefined>;
  }
  throw new Error(`did not happen within ${milliseconds} ms: ${what}`);
}

export const describeLeft = (sandbox: Sandbox) => runningIn(sandbox).map(({ pid }) => commandLine(pid));
