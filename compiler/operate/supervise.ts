/** Starts units when what they need is there, and a crashed process again. Runs inside the daemon (daemon.ts). */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { becomesHealthy } from './health.ts';
import type { Unit } from './process-plan.ts';
import { identify } from './process-table.ts';
import type { UnitRecord, UnitState } from './run-state.ts';
import { describeExit } from './run-tool.ts';

export interface RestartPolicy {
  /** Crashes in a row after which a process is given up. */
  limit: number;
  /** Wait before the first restart; doubled at each further one. */
  backoffMilliseconds: number;
  /** A process that has lived this long starts counting anew. */
  settledMilliseconds: number;
}

export const defaultPolicy: RestartPolicy = { limit: 5, backoffMilliseconds: 1000, settledMilliseconds: 60_000 };

/** `changed` is called after each change, with the records of all units in their order. */
export function supervise(units: Unit[], policy: RestartPolicy, changed: (records: UnitRecord[]) => void): Promise<unknown> {
  const records = units.map(initialRecord);
  const update = (record: UnitRecord, change: Partial<UnitRecord>) => {
    Object.assign(record, change);
    changed(records);
  };
  const ready = new Map(units.map(({ name }) => [name, promised<boolean>()]));
  const running = units.map(async (unit, index) => {
    const becameReady = ready.get(unit.name)?.resolve ?? (() => {});
    const needed = await Promise.all(unit.needs.map((need) => ready.get(need)?.promise ?? false));
    if (needed.every(Boolean)) await live(unit, records[index] as UnitRecord, policy, update, becameReady);
    else becameReady(false);
  });
  changed(records);
  return Promise.all(running);
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function promised<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

type Update = (record: UnitRecord, change: Partial<UnitRecord>) => void;

function initialRecord({ name, kind, address, health, log }: Unit): UnitRecord {
  return { name, kind, state: 'waiting', process: null, address, health, restarts: 0, exit: null, log };
}

async function live(unit: Unit, record: UnitRecord, policy: RestartPolicy, update: Update, ready: (yes: boolean) => void): Promise<void> {
  let crashes = 0;
  for (;;) {
    const begun = Date.now();
    const { exit, wasReady } = await runOnce(unit, record, update, ready);
    if (unit.kind === 'step') return finishStep(record, exit, update, ready);
    crashes = Date.now() - begun > policy.settledMilliseconds ? 1 : crashes + 1;
    const isOver = crashes > policy.limit || (!wasReady && record.restarts === 0);
    update(record, { state: isOver ? 'failed' : 'restarting', process: null, exit });
    if (isOver) return ready(false);
    await sleep(policy.backoffMilliseconds * 2 ** (crashes - 1));
    update(record, { restarts: record.restarts + 1 });
  }
}

function finishStep(record: UnitRecord, exit: string, update: Update, ready: (yes: boolean) => void): void {
  const isDone = exit === 'exit status 0';
  update(record, { state: isDone ? 'done' : 'failed', process: null, exit });
  ready(isDone);
}

async function runOnce(
  unit: Unit,
  record: UnitRecord,
  update: Update,
  ready: (yes: boolean) => void,
): Promise<{ exit: string; wasReady: boolean }> {
  const child = start(unit, record.restarts > 0);
  const exit = exitOf(child);
  const beginning: UnitState = unit.kind === 'step' ? 'running' : 'starting';
  update(record, { state: beginning, process: child.pid === undefined ? null : identify(child.pid) });
  let wasReady = false;
  let hasEnded = false;
  const health =
    unit.kind === 'process' &&
    becomesHealthy(unit.health, () => hasEnded).then((yes) => {
      if (!yes) return;
      wasReady = true;
      update(record, { state: 'healthy' });
      ready(true);
    });
  const how = await exit;
  hasEnded = true;
  await health;
  return { exit: how, wasReady };
}

/** In a process group of its own: the terminal's Ctrl-C does not reach it, and its children can be ended with it. */
function start(unit: Unit, isRestart: boolean): ChildProcess {
  const log = openLog(unit.log, isRestart);
  const [program = '', ...args] = unit.command;
  const child = spawn(program, args, { cwd: unit.cwd, env: unit.env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  return child;
}

/** A start keeps the log of the run before as `.1`; a restart goes on in the same log. */
function openLog(path: string, isRestart: boolean): number {
  mkdirSync(dirname(path), { recursive: true });
  if (!isRestart && existsSync(path)) renameSync(path, `${path}.1`);
  return openSync(path, 'a');
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message)); // such as a program that is not there
    child.once('exit', (code, signal) => resolve(describeExit(code, signal)));
  });
}
