/** Starts units when what they need is there, and a crashed process again. Runs inside the daemon (daemon.ts). */
import { setTimeout as sleep } from 'node:timers/promises';
import { isOfAnother } from '../machine/ports.ts';
import { MARKER } from '../machine/process-table.ts';
import type { Survivors } from './adopt.ts';
import { becomesHealthy, healthOf } from './health.ts';
import type { UnitRecord, UnitState } from './run-state.ts';
import { adopt, type Running, signalGroup, start } from './running.ts';
import type { Unit } from './units.ts';

export interface RestartPolicy {
  /** Crashes in a row after which a process is given up. */
  limit: number;
  /** Wait before the first restart; doubled at each further one. */
  backoffMilliseconds: number;
  /** A process that has lived this long starts counting from zero. */
  settledMilliseconds: number;
  /** How often one process is asked how another is. */
  askedMilliseconds: number;
}

export const defaultPolicy: RestartPolicy = {
  limit: 5,
  backoffMilliseconds: 1000,
  settledMilliseconds: 60_000,
  askedMilliseconds: 10_000,
};

/** So often in a row another process must say that one does not do its work, before it is started again. */
const STALE_DENIALS = 12;

/** A process that is asked to end gets this long before it is killed. */
const BEFORE_KILL = 10_000;

export interface Supervision {
  /** Ends what is no longer planned or differs, and starts what is new or differs; the rest goes on undisturbed. */
  reload(units: Unit[]): Promise<void>;
}

/** One planned unit: what runs of it now, and what it is to become. */
interface Slot {
  unit: Unit;
  record: UnitRecord;
  ready: { promise: Promise<boolean>; resolve: (value: boolean) => void };
  running: Running | null;
  /** What an earlier supervisor knew of it, where it goes on. */
  survivor: UnitRecord | null;
  /** Set by a reload: its end is no crash, and nothing starts it again. */
  isLeaving: boolean;
  finished: Promise<void>;
}

/**
 * `changed` is called after each change, with the records of all units in their order. What `survived` an earlier
 * supervisor is not started, only looked after.
 */
export function supervise(
  units: Unit[],
  survived: Survivors,
  policy: RestartPolicy,
  changed: (records: UnitRecord[]) => void,
): Supervision {
  let slots = new Map<string, Slot>();
  const report = () => changed([...slots.values()].map(({ record }) => record));
  const update = (slot: Slot, change: Partial<UnitRecord>) => {
    Object.assign(slot.record, change);
    report();
  };
  const launch = (slot: Slot): void => {
    slot.finished = (async () => {
      if (slot.survivor) return await live(slot, policy, update);
      const needed = await Promise.all(slot.unit.needs.map((need) => slots.get(need)?.ready.promise ?? false));
      if (slot.isLeaving) return;
      if (needed.every(Boolean)) await live(slot, policy, update);
      else slot.ready.resolve(false);
    })();
  };
  const place = (planned: Unit[], kept: Map<string, Slot>, adopted: Survivors = new Map()): void => {
    const slotOf = (unit: Unit) => kept.get(unit.name) ?? newSlot(unit, adopted.get(unit.name) ?? null);
    slots = new Map(planned.map((unit) => [unit.name, slotOf(unit)]));
    report();
    for (const [name, slot] of slots) if (!kept.has(name)) launch(slot);
  };
  place(units, new Map(), survived);
  return {
    async reload(planned) {
      const wanted = new Map(planned.map((unit) => [unit.name, unit]));
      const kept = new Map(
        [...slots].filter(
          ([name, { unit, record }]) => unit.digest === wanted.get(name)?.digest && record.state !== 'failed',
        ),
      );
      const leaving = [...slots.values()].filter(({ unit }) => !kept.has(unit.name));
      await Promise.all(leaving.map(end));
      place(planned, kept);
    },
  };
}

function newSlot(unit: Unit, survivor: UnitRecord | null): Slot {
  const ready = promised<boolean>();
  const record = survivor ?? initialRecord(unit);
  return { unit, record, ready, running: null, survivor, isLeaving: false, finished: Promise.resolve() };
}

async function end(slot: Slot): Promise<void> {
  slot.isLeaving = true;
  slot.ready.resolve(false);
  signalGroup(slot.running, 'SIGTERM');
  await Promise.race([slot.finished, sleep(BEFORE_KILL, undefined, { ref: false })]);
  signalGroup(slot.running, 'SIGKILL');
  await slot.finished;
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function promised<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

type Update = (slot: Slot, change: Partial<UnitRecord>) => void;

function initialRecord({ name, kind, digest, address, health, ready, port, log }: Unit): UnitRecord {
  const none = { process: null, restarts: 0, exit: null };
  return { name, kind, digest, state: 'waiting', address, health, ready, port, log, ...none };
}

async function live(slot: Slot, policy: RestartPolicy, update: Update): Promise<void> {
  const { unit, record, ready } = slot;
  if (record.state === 'done') return ready.resolve(true);
  let crashes = 0;
  for (;;) {
    const begun = Date.now();
    const { exit, wasReady } = await runOnce(slot, policy, update);
    if (unit.kind === 'step') return finishStep(slot, exit, update);
    if (slot.isLeaving) return;
    crashes = Date.now() - begun > policy.settledMilliseconds ? 1 : crashes + 1;
    const isOver = crashes > policy.limit || (!wasReady && record.restarts === 0);
    update(slot, { state: isOver ? 'failed' : 'restarting', process: null, exit });
    if (isOver) return ready.resolve(false);
    await sleep(policy.backoffMilliseconds * 2 ** (crashes - 1));
    if (slot.isLeaving) return;
    update(slot, { restarts: record.restarts + 1 });
  }
}

function finishStep(slot: Slot, exit: string, update: Update): void {
  const isDone = exit === 'exit status 0';
  update(slot, { state: isDone ? 'done' : 'failed', process: null, exit });
  slot.ready.resolve(isDone);
}

async function runOnce(
  slot: Slot,
  policy: RestartPolicy,
  update: Update,
): Promise<{ exit: string; wasReady: boolean }> {
  const { unit, record } = slot;
  const id = slot.survivor?.process;
  slot.survivor = null;
  const running = id ? adopt(id) : start(unit, record.restarts > 0);
  slot.running = running;
  const beginning: UnitState = id ? 'healthy' : unit.kind === 'step' ? 'running' : 'starting';
  update(slot, { state: beginning, process: running.id });
  let wasReady = Boolean(id);
  let hasEnded = false;
  const health =
    unit.kind === 'process' &&
    becomesHealthy(unit.health, unit.ready, () => hasEnded, isOurs(unit)).then((yes) => {
      if (!yes) return;
      endWhenStale(slot, running, policy.askedMilliseconds, () => hasEnded);
      wasReady = true;
      update(slot, { state: 'healthy' });
      slot.ready.resolve(true);
    });
  const how = await running.exit;
  hasEnded = true;
  await health;
  return { exit: how, wasReady };
}

/** Another platform's process on the same port would answer for ours. */
const isOurs =
  ({ port, name, env }: Unit) =>
  () =>
    port === null || !isOfAnother(port, env[MARKER] ?? '', name);

/**
 * Ends a process of which another one keeps saying that it does not do its work, such as a scheduler without a
 * heartbeat; it is started again like one that crashed. Nobody answering is no such word.
 */
async function endWhenStale(slot: Slot, running: Running, interval: number, hasEnded: () => boolean): Promise<void> {
  const { health } = slot.unit;
  if (!health?.includes('#')) return;
  let denials = 0;
  while (!hasEnded() && !slot.isLeaving && denials < STALE_DENIALS) {
    await sleep(interval, undefined, { ref: false });
    denials = (await healthOf(health)) === 'denied' ? denials + 1 : 0;
  }
  if (denials === STALE_DENIALS) signalGroup(running, 'SIGKILL');
}
