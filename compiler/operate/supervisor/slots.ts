/** What runs of each planned unit, and what becomes of it where something else is planned. */
import { gives } from './rolling.ts';
import type { UnitRecord } from './run-state.ts';
import type { Running } from './running.ts';
import type { Unit } from './units.ts';

/** One planned unit: what runs of it now, and what it is to become. */
export interface Slot {
  unit: Unit;
  record: UnitRecord;
  ready: { promise: Promise<boolean>; resolve: (value: boolean) => void };
  running: Running | null;
  /** What an earlier supervisor knew of it, where it goes on. */
  survivor: UnitRecord | null;
  /** What serves until this one is ready; null once it has ended, and where there is none. */
  before: Slot | null;
  /** Another one follows, which holds its port, too: it is not started again. */
  isFollowed: boolean;
  /** Set by a reload: its end is no crash, and nothing starts it again. */
  isLeaving: boolean;
  finished: Promise<void>;
}

export const recordOf = ({ record, before }: Slot): UnitRecord =>
  before === null ? record : { ...record, before: before.record };

interface Sorted {
  kept: Map<string, Slot>;
  /** Those that a next process is to follow. */
  before: Map<string, Slot>;
  leaving: Slot[];
}

/** What becomes of what runs, where this is planned. */
export function sorted(slots: Slot[], planned: Unit[]): Sorted {
  const wanted = new Map(planned.map((unit) => [unit.name, unit]));
  const found: Sorted = { kept: new Map(), before: new Map(), leaving: [] };
  for (const slot of slots) {
    const unit = wanted.get(slot.unit.name);
    const stays = slot.before !== null && !slot.before.isLeaving ? slot.before : null;
    const serves = stays ?? slot;
    if (unit && slot.unit.digest === unit.digest && slot.record.state !== 'failed') {
      found.kept.set(unit.name, slot);
      continue;
    }
    if (stays !== null) found.leaving.push(slot);
    if (unit && stays?.unit.digest === unit.digest && stays.record.state === 'healthy') {
      // Of one that was taken over, nothing but the digest was known.
      found.kept.set(unit.name, Object.assign(stays, { unit, isFollowed: false }));
    } else if (unit && gives(unit, serves.record)) found.before.set(unit.name, serves);
    else found.leaving.push(serves);
  }
  return found;
}

export function newSlot(unit: Unit, survivor: UnitRecord | null, before: Slot | null): Slot {
  const ready = promised<boolean>();
  const { before: _, canary: __, ...record } = survivor ?? initialRecord(unit);
  if (before !== null) before.isFollowed = true;
  const state = { running: null, survivor, before, isFollowed: false, isLeaving: false };
  return { unit, record, ready, ...state, finished: Promise.resolve() };
}

function initialRecord({ name, kind, digest, address, health, ready, port, log }: Unit): UnitRecord {
  const none = { process: null, restarts: 0, exit: null };
  return { name, kind, digest, state: 'waiting', address, health, ready, port, log, ...none };
}

/** `Promise.withResolvers`, which Node 20 does not have. */
function promised<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
