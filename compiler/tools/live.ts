/** The live side of a tool: what it has, beside what the compiled output asks for, as objects by address. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Change } from '../diff/compare.ts';
import { type PlainObject, type State, stateOf } from '../diff/state.ts';

/** A deploy goes through them in this order; what is to be deleted goes last, the other way round. */
export const STAGES = [
  'one-way things',
  'registries and views',
  'pipelines',
  'models and APIs',
  'rules and dashboards',
] as const;
export type Stage = (typeof STAGES)[number];

/** What goes wrong is an `OperationError`: what, where, why, what to do. */
export interface LiveSide {
  /** The tool's name. */
  name: string;
  /** The last, unless stated. */
  stage?: Stage;
  /** Live sides that must be done before, where the environment has them. */
  after: readonly string[];
  /** Seconds until the tool shows what was applied. */
  patience: number;
  /** Whether this environment has the tool. */
  isIn(live: Live): boolean;
  /** The state that the compiled output asks for, as the tool spells it. */
  desired(live: Live): Promise<State>;
  /** The tool's real state. Changes nothing. */
  observe(live: Live): Promise<State>;
  /** Carries out these changes, and no other. */
  apply(live: Live, changes: readonly Change[]): Promise<Applied>;
  /** What to do about what differs, in one sentence, where a deploy would not do. */
  wayBack?: string;
  /** Whether `apply` leaves this difference to people, as far as can be told without it. */
  leaves?(change: Change): boolean;
  /** Ids of releases that work which is not done yet began on, and ends on. */
  releasesInUse?(live: Live): Promise<string[]>;
  /** Those that fire now, as people know them. */
  alerts?(live: Live): Promise<string[]>;
  /** Asks for what no object tells: whether it works. Changes nothing. Says in a few words what is there. */
  check(live: Live, observed: State): Promise<string>;
}

export interface Applied {
  /** In a few words. */
  done: string;
  /** Changes that would lose something, and why; by address. They are left to people. */
  left?: Record<string, string>;
}

/** What a live side may use. */
export interface Live {
  environment: string;
  root: string;
  /** The release that is deployed; null where it is a checkout. */
  release: string | null;
  /** A file below `generated/`, as text; null where there is none. */
  read(path: string): string | null;
  /** When a file below `generated/` was written; null where there is none. */
  writtenAt(path: string): Date | null;
  /** A link of the environment's state: where it leads, and since when; null where there is none. */
  link(path: string): { target: string; since: Date } | null;
  /** Paths below `generated/<folder>`, sorted, relative to `generated/`. */
  list(folder: string): string[];
  /**
   * Where a process of the environment answers, such as `http://127.0.0.1:19090`; null where it has none of that name.
   */
  address(process: string): string | null;
  /** A secret of the platform's own: the password of an account, say. */
  secret(name: string): string;
  /** `python -m mlops_runtime …` in the platform's environment, given `input`: its evidence. */
  callRuntime(command: string[], input?: string): Promise<Record<string, unknown>>;
  /** Does a setup step of the environment again, with the secrets that it is given at a start. */
  doStep(name: string): Promise<void>;
  /** Progress within a step. */
  note(text: string): void;
}

/** The three acts of a tool that the runtime reaches through its Python client: `mlops_runtime live <tool> …`. */
export const throughRuntime = (tool: string) => ({
  desired: (live: Live) => objects(live, tool, 'desired'),
  observe: (live: Live) => objects(live, tool, 'observe'),
  apply: (live: Live, changes: readonly Change[]) => live.callRuntime(['live', tool, 'apply'], JSON.stringify(changes)),
});

async function objects(live: Live, tool: string, act: 'desired' | 'observe'): Promise<State> {
  const { objects: found } = await live.callRuntime(['live', tool, act]);
  return stateOf(found as Record<string, PlainObject>);
}

/** Asks until `attempt` gives no problem; null then, and after so many seconds the last problem. */
export async function eventually(seconds: number, attempt: () => Promise<string | null>): Promise<string | null> {
  for (const end = Date.now() + seconds * 1000; ; await sleep(300)) {
    const problem = await attempt();
    if (problem === null || Date.now() > end) return problem;
  }
}

/** `4 topics`, `1 topic`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
