/** processes.json, as the compiler writes it (docs/contracts.md). */
import type { Caller } from '../../clients/account.ts';
import { damaged, readGeneratedJson } from '../machine/generated-json.ts';
import type { PlannedProgram } from '../machine/server-programs.ts';
import { requireCompiled, type Workspace } from '../workspace.ts';

export interface PlannedStep {
  name: string;
  command: string[];
  env: Record<string, string>;
  lock?: string | null;
  needs?: string[];
}

export interface PlannedCanary {
  share: number;
  seconds: number;
}

export interface PlannedProcess extends PlannedStep {
  port: number | null;
  address: string | null;
  health: string | null;
  ready?: string;
  /** How people get in: a user, and the secret of the platform's own that holds the password. */
  log_in?: { user: string; secret: string };
  /** Where the specs set `port`, in words: `environments.local.ports.mlflow in platform.yaml`. */
  port_field?: string;
  /** Files and folders, relative to the root, that it reads when it starts: where one differs, it must be restarted. */
  reads?: string[];
  /** It reads its files again in place: its `${root}` is the link to the release that is current. */
  reloads?: boolean;
  /** Its next process comes up beside it, and takes over when that one is ready. */
  rolls?: boolean;
  /** Where a deploy brings that next one: its share of the connections, and for how long, before it takes over. */
  canary?: PlannedCanary;
  /** Variables of the user's that it alone is given: values of secrets. */
  takes?: string[];
}

/** A SQLite file, and what to know where it is damaged. */
export interface PlannedDatabase {
  file: string;
  holds: string;
  recovery: string;
}

/** A folder of the state that a server alone can read. */
export interface PlannedServerData {
  folder: string;
  /** The step or process that must be there before either command. */
  needs: string;
  /** Each is followed by a folder: for what the server has, and of what it gets. */
  dump: string[] | null;
  restore: string[] | null;
}

export interface ProcessPlan {
  environment: string;
  state: string;
  /** By the name of their `${tool:NAME}`. */
  programs: Record<string, PlannedProgram>;
  databases: PlannedDatabase[];
  /** Missing in releases of a compiler before 0.1.0. */
  server_data?: PlannedServerData[];
  setup: PlannedStep[];
  processes: PlannedProcess[];
  environment_variables: Record<string, string>;
  /** Beside those, what a caller alone is given. Missing in releases of before MLflow had accounts. */
  callers?: Partial<Record<Caller, Record<string, string>>>;
}

const LISTS = ['databases', 'setup', 'processes'] as const;

export function readPlan(workspace: Workspace): ProcessPlan {
  requireCompiled(workspace);
  const plan = readGeneratedJson(workspace.plan);
  const missing = LISTS.filter((list) => !Array.isArray((plan as Record<string, unknown>)[list]));
  if (missing.length > 0) throw damaged(workspace.plan, `it has no list of ${missing.join(' and ')}`);
  return plan as ProcessPlan;
}

/** Where a planned process answers, or null where there is no such process. */
export function addressOf(workspace: Workspace, process: string): string | null {
  return readPlan(workspace).processes.find(({ name }) => name === process)?.address ?? null;
}
