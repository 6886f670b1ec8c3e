import type { Check } from '../checks/check.ts';
import type { Caller } from '../clients/account.ts';
import type { ExposedMetrics, PortFacts, Served } from '../ir/inventory.ts';
import type { Ir } from '../ir/types.ts';
import type { Artifact } from '../render/artifact.ts';
import type { ChangeRule } from './change-rule.ts';
import type { DataKind } from './data.ts';
import type { Site } from './host.ts';
import type { LiveSide } from './live.ts';
import type { Page } from './page.ts';
import type { Install, MachineProgram } from './program.ts';
import type { RuleFile } from './rule.ts';
import type { Running, Workload } from './workload.ts';

/**
 * Everything that is known of a tool; `registry.ts` lists them. Functions are pure: no clock, no randomness, no file
 * system. Values reach the text only through the encoders of `render/`.
 */
export interface Tool {
  name: string;
  /** Files that are the same in every environment, below `common/<name>/`. */
  emitCommon?(ir: Ir, all: Contributions): Artifact[];
  /** The thin rest, below `<environment>/<name>/`; what one workload alone is configured by stands in that. */
  emitEnvironment?(site: Site, running: readonly Running[]): Artifact[];
  /** What runs of it. */
  workloads?(site: Site): Workload[];
  /** What every program of ours is told, such as where this tool is. */
  shared?(site: Site): Shared;
  /** Its role in PostgreSQL, with a database of that name. */
  database?: string;
  /** Pattern of the log files of what runs of it, where those are lines of JSON for the index of logs. */
  logs?: string;
  /** The ports that it has, by the names that an environment states them by. */
  ports?: Record<string, PortFacts>;
  /** Names of its workloads that run in containers, without numbers of replicas; left out: none. */
  containers?(served: Served): string[];
  /** Volumes that those mount. */
  volumes?: string[];
  /** What it exposes to Prometheus. */
  metrics?: ExposedMetrics;
  /** Alerts, and what they are computed from. */
  rules?(ir: Ir): RuleFile[];
  /** Dashboards, and how their titles read: teams' own must be called otherwise. */
  pages?(ir: Ir): Page[];
  titles?: RegExp;
  /** Rules over the specs that only this tool needs. */
  checks?: readonly Check[];
  /** Rules of the plan that only this tool needs. */
  changes?: readonly ChangeRule[];
  /** What must be on a machine that runs it as processes, by the name that commands have for it. */
  programs?: Record<string, MachineProgram>;
  install?: Install;
  live?: LiveSide;
  /** What it keeps that nothing makes again: dropped by name alone. */
  data?: readonly DataKind[];
}

/** What the tools that watch are given by all. */
export interface Contributions {
  rules: readonly RuleFile[];
  pages: readonly Page[];
}

export interface Shared {
  variables?: Record<string, string>;
  /** Variables that hold secrets of the platform's own. */
  secretVariables?: Record<string, string>;
  /** Variables of those alone who start the platform's Python beside what runs, where a host lets them. */
  callers?: Partial<Callers>;
}

export type Callers = Record<Caller, Record<string, string>>;
