/** Starts units when what they need is there, and a crashed process again. Runs inside the daemon (daemon.ts). */
import { setTimeout as sleep } from 'node:timers/promises';
import { isOfAnother } from '../machine/ports.ts';
import { MARKER, signal } from '../machine/process-table.ts';
import type { Survivors } from './adopt.ts';
import { becomesHealthy, healthOf } from './health.ts';
import { inWords, isServing, triedOut, unreadyToFollow } from './rolling.ts';
import type { UnitRecord, UnitState } from './run-state.ts';
import { adopt, endLeft, type Running, signalGroup, start } from './running.ts';
import { newSlot, recordOf, type Slot, sorted } from './slots.ts';
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
  /** A process that is to follow another must be ready by then. */
  rollingMilliseconds: number;
}

export const defaultPolicy: RestartPolicy = {
  limit: 5,
  backoffMilliseconds: 1000,
  settledMilliseconds: 60_000,
  askedMilliseconds: 10_000,
  rollingMilliseconds: 180_000,
};

/** So often in a row another process must say that one does not do its work, before it is started again. */
const STALE_DENIALS = 12;

/** A process that is asked to end gets this long before it is killed. */
const BEFORE_KILL = 10_000;
/** One that another follows is in nobody's way: it may answer to the end what it has accepted. */
const FOLLOWED_BEFORE_KILL = 30_000;

export interface Supervision {
  /**
   * Ends what is no longer planned or differs, and starts what is new or differs; the rest goes on undisturbed. Where
   * a next process can follow the one that serves, that one is ended only when the next one is ready, or else stays.
   */
  reload(units: Unit[]): Promise<void>;
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
  const report = () => changed([...slots.values()].map(recordOf));
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
  const place = (planned: Unit[], kept: Map<string, Slot>, before: Map<string, Slot>): void => {
    for (const { record } of kept.values()) delete record.canary; // said once
    const slotOf = (unit: Unit) => kept.get(unit.name) ?? newSlot(unit, null, before.get(unit.name) ?? null);
    slots = new Map(planned.map((unit) => [unit.name, slotOf(unit)]));
    report();
    for (const [name, slot] of slots) if (!kept.has(name)) launch(slot);
  };
  const survivors = units.flatMap((unit) => {
    const record = survived.get(unit.name);
    return record ? [newSlot({ ...unit, digest: record.digest }, record, null)] : [];
  });
  const adopted = sorted(survivors, units);
  place(units, adopted.kept, adopted.before);
  for (const slot of [...adopted.kept.values(), ...adopted.before.values()]) launch(slot);
  let last: Promise<void> = Promise.resolve();
  const take = async (planned: Unit[]) => {
    const { kept, before, leaving } = sorted([...slots.values()], planned);
    for (const slot of leaving) slot.isLeaving = true; // one that gets ready now must not take a place that is kept
    for (const [name, slot] of before) {
      if (await isServing(slot.record)) continue;
      before.delete(name);
      leaving.push(slot);
    }
    await Promise.all(leaving.map(end));
    place(planned, kept, before);
  };
  return {
    reload(planned) {
      last = last.catch(() => {}).then(() => take(planned));
      return last;
    },
  };
}

/** Its next one is ready, which accepts when this one does no more. Only itself is told: it tells its workers. */
async function giveWay(slot: Slot): Promise<void> {
  await endInOrder(slot.running);
  await slot.finished;
}

async function endInOrder(running: Running | null): Promise<void> {
  if (running?.id) signal(running.id, 'SIGTERM');
  await Promise.race([running?.exit, sleep(FOLLOWED_BEFORE_KILL, undefined, { ref: false })]);
  signalGroup(running, 'SIGKILL');
}

async function end(slot: Slot): Promise<void> {
  slot.isLeaving = true;
  slot.ready.resolve(false);
  signalGroup(slot.running, 'SIGTERM');
  await Promise.race([slot.finished, sleep(BEFORE_KILL, undefined, { ref: false })]);
  signalGroup(slot.running, 'SIGKILL');
  await slot.finished;
}

type Update = (slot: Slot, change: Partial<UnitRecord>) => void;

async function live(slot: Slot, policy: RestartPolicy, update: Update): Promise<void> {
  const { unit, record, ready } = slot;
  if (record.state === 'done') return ready.resolve(true);
  let crashes = 0;
  for (;;) {
    const begun = Date.now();
    const { exit, wasReady } = await runOnce(slot, policy, update);
    if (unit.kind === 'step') return finishStep(slot, exit, update);
    if (slot.isLeaving) return;
    if (slot.isFollowed) return update(slot, { state: 'failed', process: null, exit });
    crashes = Date.now() - begun > policy.settledMilliseconds ? 1 : crashes + 1;
    const isOver = crashes > policy.limit || (!wasReady && record.restarts === 0);
    update(slot, { state: isOver ? 'failed' : 'restarting', process: null, exit });
    if (isOver && slot.before !== null) slot.before.isFollowed = false;
    if (isOver) return ready.resolve(false);
    await sleep(policy.backoffMilliseconds * 2 ** (crashes - 1));
    if (slot.isLeaving || slot.isFollowed) return;
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
  const before = slot.before?.isLeaving === false ? slot.before : null;
  const serving = before?.record.process ?? null; // it may just have died
  const running = id ? adopt(id) : start(unit, record.restarts > 0, serving);
  slot.running = running;
  const beginning: UnitState = id ? 'healthy' : unit.kind === 'step' ? 'running' : 'starting';
  update(slot, { state: beginning, process: running.id });
  let wasReady = Boolean(id);
  let hasEnded = false;
  let late: string | null = null;
  const isOver = () => hasEnded;
  const becomesWell = async (): Promise<boolean> => {
    if (serving === null || unit.rolls === null || running.id === null)
      return becomesHealthy(unit.health, unit.ready, isOver, isOurs(unit));
    const { rolls: folder, canary } = unit;
    const follower = { folder, id: running.id, isOver, milliseconds: policy.rollingMilliseconds };
    const reason = await unreadyToFollow(follower);
    if (reason !== null && !hasEnded) {
      late = reason;
      signalGroup(running, 'SIGKILL'); // it has accepted nothing
    }
    if (reason !== null || canary === null) return reason === null;
    update(slot, { state: 'canary', canary: inWords(canary) });
    const { isGood, said } = await triedOut(follower, canary);
    update(slot, { canary: `${inWords(canary)}: ${said}` });
    if (!isGood && !hasEnded) {
      late = said;
      void endInOrder(running); // what it was given it answers
    }
    return isGood;
  };
  const look = async (): Promise<void> => {
    if (!(await becomesWell()) || slot.isLeaving) return;
    void endWhenStale(slot, running, policy.askedMilliseconds, isOver);
    wasReady = true;
    if (before === null) update(slot, { state: 'healthy' });
    else follow(slot, before, update);
    slot.ready.resolve(true);
  };
  const health = unit.kind === 'process' && look();
  const how = await running.exit;
  hasEnded = true;
  if (unit.port !== null) await endLeft(unit, running, BEFORE_KILL);
  await health;
  return { exit: late ?? how, wasReady };
}

/** Both are recorded at once: whoever takes over from this supervisor finds which of the two is to stay. */
function follow(slot: Slot, before: Slot, update: Update): void {
  before.isLeaving = true;
  before.record.state = 'leaving';
  update(slot, { state: 'healthy' });
  void giveWay(before).then(() => {
    slot.before = null;
    update(slot, {});
  });
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
