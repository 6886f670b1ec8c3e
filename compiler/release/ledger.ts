/** `<state>/ledger.jsonl`: each attempt to bring the environment to a release, and how it ended. It only grows. */
import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { isFolder, makeWay, readIfThere } from '../operate/machine/files.ts';
import { isObject, isTextOrNull } from '../operate/machine/record-file.ts';
import type { Workspace } from '../operate/workspace.ts';
import type { MadeBefore } from './backed-up.ts';
import type { Commit } from './make.ts';

export type Action = 'up' | 'deploy' | 'rollback';
/** `undone`: it failed, and what ran before runs again. `failed`: there was nothing before. */
export type Outcome = 'done' | 'undone' | 'failed' | 'refused';
/** Model → version behind its alias. */
export type Versions = Readonly<Record<string, string>>;

interface Begun {
  event: 'begun';
  /** Of the attempt: unique in the ledger. */
  id: number;
  /** ISO 8601, UTC. */
  at: string;
  action: Action;
  from: string | null;
  to: string;
  commit: Commit | null;
  by: string;
  /** SHA-256 of the plan that was agreed to, where it was deployed by one. */
  plan?: string;
  /** The backup that was made before anything changed, where one was asked for. */
  backup?: MadeBefore;
  /** Addresses of data that it is to drop once all else is done. */
  drop?: string[];
}

interface Left {
  event: 'left';
  id: number;
  /** Those that served when the release before was left. */
  champions: Versions;
}

/** On disk before anything of it goes. */
interface Drop {
  event: 'dropping';
  id: number;
  at: string;
  address: string;
  /** What it held, in a few words. */
  held: string;
}

interface Ended {
  event: 'ended';
  id: number;
  at: string;
  outcome: Outcome;
  /** Tool → what was done, in a few words. */
  results: Record<string, string>;
  problem: string | null;
}

type Event = Begun | Left | Drop | Ended;

export interface Attempt extends Omit<Begun, 'event'> {
  champions: Versions | null;
  /** Data, by address, and what it held; where it was cut short, one of them may not be wholly gone. */
  dropped: Record<string, string>;
  /** Null while it goes on, and of one that was killed. */
  ended: Omit<Ended, 'event' | 'id'> | null;
}

export const ledgerFile = ({ state }: Pick<Workspace, 'state'>): string => join(state, 'ledger.jsonl');

/** The oldest first. A line that a crash or a full disk has cut is none. */
export function attempts(workspace: Pick<Workspace, 'state'>): Attempt[] {
  const found = new Map<number, Attempt>();
  const path = ledgerFile(workspace);
  for (const line of (isFolder(path) ? '' : (readIfThere(path) ?? '')).split('\n')) {
    const event = eventIn(line);
    if (event?.event === 'begun') {
      const { event: _, ...begun } = event;
      found.set(event.id, { ...begun, champions: null, dropped: {}, ended: null });
    }
    const attempt = event === null ? undefined : found.get(event.id);
    if (attempt && event?.event === 'left') attempt.champions = event.champions;
    if (attempt && event?.event === 'dropping') attempt.dropped[event.address] = event.held;
    if (attempt && event?.event === 'ended')
      attempt.ended = { at: event.at, outcome: event.outcome, results: event.results, problem: event.problem };
  }
  return [...found.values()];
}

function eventIn(line: string): Event | null {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) && isEvent(value) ? (value as unknown as Event) : null;
  } catch {
    return null;
  }
}

const KEYS: Record<string, string[]> = {
  begun: ['at', 'action', 'to', 'by'],
  left: [],
  dropping: ['at', 'address', 'held'],
  ended: ['at', 'outcome'],
};

const isEvent = (value: Record<string, unknown>): boolean =>
  typeof value['id'] === 'number' &&
  Object.hasOwn(KEYS, String(value['event'])) &&
  (KEYS[String(value['event'])] ?? []).every((key) => typeof value[key] === 'string') &&
  (value['event'] !== 'begun' || isTextOrNull(value['from'])) &&
  (value['event'] !== 'left' || isObject(value['champions'])) &&
  (value['event'] !== 'ended' || isObject(value['results']));

/** The newest, where it was killed: whoever holds the environment's lock knows that nobody works on it. */
export function unfinished(workspace: Pick<Workspace, 'state'>): Attempt | null {
  const newest = attempts(workspace).at(-1);
  return newest?.ended === null ? newest : null;
}

export function begin(workspace: Workspace, begun: Omit<Begun, 'event' | 'id' | 'at' | 'by'>): number {
  const id = (attempts(workspace).at(-1)?.id ?? 0) + 1;
  append(workspace, { event: 'begun', id, at: new Date().toISOString(), ...begun, by: userInfo().username });
  return id;
}

export const recordLeft = (workspace: Workspace, id: number, champions: Versions): void =>
  append(workspace, { event: 'left', id, champions });

export const recordDrop = (workspace: Workspace, id: number, drop: Pick<Drop, 'address' | 'held'>): void =>
  append(workspace, { event: 'dropping', id, at: new Date().toISOString(), ...drop });

export const end = (workspace: Workspace, id: number, ended: Pick<Ended, 'outcome' | 'results' | 'problem'>): void =>
  append(workspace, { event: 'ended', id, at: new Date().toISOString(), ...ended });

/** On disk when it returns. */
function append(workspace: Pick<Workspace, 'state'>, event: Event): void {
  const path = ledgerFile(workspace);
  mkdirSync(dirname(path), { recursive: true });
  makeWay(path);
  const file = openSync(path, 'a+');
  try {
    writeSync(file, `${isCut(file) ? '\n' : ''}${JSON.stringify(event)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Whether its last line has no end. */
function isCut(file: number): boolean {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
}
