/**
 * One staging environment in a fresh clone, brought up by the commands that people use; chapters run on it one after
 * the other.
 */
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { $, chalk } from 'zx';
import { identify, isAlive } from '../../compiler/operate/machine/process-table.ts';
import { generatedSecret } from '../../compiler/operate/secrets.ts';
import { readPlan } from '../../compiler/operate/supervisor/process-plan.ts';
import { readRecord } from '../../compiler/operate/supervisor/run-state.ts';
import { platformEnvironment } from '../../compiler/operate/supervisor/units.ts';
import { openWorkspace, type Workspace } from '../../compiler/operate/workspace.ts';
import type { Stage } from './stage.ts';

const TIMEOUT = '600s';
const DAY = 86_400_000;
/** The batch pipeline knows the data up to here; what came after is streamed. */
export const STREAMED_DAYS = 30;

export interface Tally {
  passed: number;
  failed: number;
  /** Evidence by interaction, a line a chapter. */
  proofs: Map<number, string[]>;
}

/** A clone of HEAD with its Git history, in a folder that PostgreSQL's own user may enter. */
export async function freshClone(root: string): Promise<string> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'mlops-servers-'));
  chmodSync(folder, 0o755);
  const clone = join(folder, 'clone');
  await $`git clone --quiet ${root} ${clone}`;
  // What `npm ci` would install again, byte for byte.
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  return clone;
}

/**
 * The data is of 2013, and moved by whole weeks so that it ends a few days from now. The present is set back: the first
 * batch run publishes what was known then, and the time since is left to the stream.
 */
export function setPresent(workspace: Workspace, now: Date | null): void {
  const sources = join(workspace.state, 'sources');
  mkdirSync(sources, { recursive: true });
  const weeks = Math.ceil((Date.now() + DAY - Date.parse('2014-01-01T04:59:00Z')) / (7 * DAY));
  const file = join(sources, 'flights.json');
  writeFileSync(file, `${JSON.stringify({ weeks, first_run: new Date().toISOString() })}\n`);
  if (now === null) rmSync(join(workspace.state, 'now'), { force: true });
  else writeFileSync(join(workspace.state, 'now'), `${now.toISOString()}\n`);
}

export function openStage(clone: string, tally: Tally): Stage {
  const workspace = openWorkspace(clone, 'staging');
  const planned = (name: string) => {
    const found = readPlan(workspace).processes.find((each) => each.name === name);
    if (!found) throw new Error(`processes.json has no process '${name}'`);
    return found;
  };
  const run = $({ cwd: clone, quiet: true, nothrow: true, timeout: TIMEOUT });
  const inPlatform = (command: string[]) =>
    $({
      cwd: clone,
      quiet: true,
      nothrow: true,
      timeout: TIMEOUT,
      env: platformEnvironment(workspace, 'deploy'),
    })`${command}`;
  return {
    root: clone,
    environment: 'staging',
    state: workspace.state,
    address(name) {
      const { address } = planned(name);
      if (!address) throw new Error(`the process '${name}' has no address`);
      return address;
    },
    port: (part) => portOf(workspace, part),
    async callRuntime(...command) {
      const output = succeeded(
        command.join(' '),
        await inPlatform([workspace.python, '-m', 'mlops_runtime', ...command]),
      );
      return JSON.parse(output.trimEnd().split('\n').at(-1) || '{}') as Record<string, unknown>;
    },
    python: async (file, ...args) => succeeded(file, await inPlatform([workspace.python, join(clone, file), ...args])),
    mlops: async (...command) => succeeded(`mlops ${command.join(' ')}`, await run`node bin/mlops.js ${command}`),
    kill: (name) => killHard(workspace, name),
    secret: (name) => generatedSecret(workspace.state, name),
    prove: (interaction, evidence) =>
      void tally.proofs.set(interaction, [...(tally.proofs.get(interaction) ?? []), evidence]),
    note: (text) => console.log(chalk.dim(`    ${text}`)),
    check: (title, work) => check(tally, title, work),
  };
}

function succeeded(what: string, result: { exitCode: number | null; stdout: string; stderr: string }): string {
  if (result.exitCode === 0) return result.stdout;
  throw new Error(`${what} ended with ${result.exitCode}: ${`${result.stdout}${result.stderr}`.trim().slice(-2000)}`);
}

function portOf(workspace: Workspace, part: string): number {
  const known = readPlan(workspace).processes.find(
    ({ port_field }) => port_field === `environments.staging.ports.${part} in platform.yaml`,
  );
  if (!known?.port) throw new Error(`no process of staging has the port '${part}'`);
  return known.port;
}

/** The whole process group, as a machine's out-of-memory killer or a power cut would. */
async function killHard(workspace: Workspace, name: string): Promise<void> {
  const id = readRecord(workspace)?.units.find((unit) => unit.name === name)?.process;
  if (!id || !isAlive(id)) throw new Error(`'${name}' is not running`);
  process.kill(-id.pid, 'SIGKILL');
  while (identify(id.pid)?.started === id.started && isAlive(id)) await sleep(20);
}

/** Runs `work`, counts it, and says how it went. */
export async function check(tally: Tally, title: string, work: () => Promise<unknown>): Promise<void> {
  const begun = Date.now();
  const took = () => chalk.dim(`${((Date.now() - begun) / 1000).toFixed(1)} s`);
  try {
    await work();
    tally.passed += 1;
    console.log(`${chalk.green('✓')} ${title} ${took()}`);
  } catch (error) {
    tally.failed += 1;
    const message = error instanceof Error ? error.message : String(error);
    console.log(`${chalk.red('✗')} ${title} ${took()}\n${message.replace(/^/gm, '    ')}`);
  }
}
