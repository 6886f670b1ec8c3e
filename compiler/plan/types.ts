/** The plan of a change: plain data, which all printers read. `docs/plan.md` lists the rules. */
import type { Plain } from '../diff/state.ts';
import type { Ir, Origin } from '../ir/types.ts';
import type { Certainty, Class, ObjectKind, Seen } from '../tools/change-rule.ts';

/** One state of a repository. */
export interface Side {
  ir: Ir;
  /** The team's Python by path, as the reader gives it; left out where only the specs are there. */
  code?: ReadonlyMap<string, string>;
  /** Lock files by path. */
  locks?: ReadonlyMap<string, string>;
}

/** What no spec says, where somebody measured it. */
export interface Facts {
  /** Rows by table. */
  rows?: Readonly<Record<string, number>>;
  /** The day, as YYYY-MM-DD. */
  today?: string;
}

export interface Plan {
  planVersion: 1;
  verdict: VerdictSummary;
  /** The worst first, then by address. */
  changes: PlannedChange[];
  radius: Reached[];
  /** What has to run, in this order. */
  work: Work[];
  /** In which order it goes out. */
  order: Stage[];
}

export interface VerdictSummary {
  /** The worst class there is; null where nothing changes. */
  class: Class | null;
  counts: Partial<Record<Class, number>>;
  /** Of what changes beyond the compatible, and of what that reaches; of what changes hands, both; sorted. */
  owners: string[];
}

export interface PlannedChange {
  address: string;
  /** What the address is of. */
  of: ObjectKind;
  /** What people call it. */
  name: string;
  kind: Seen['kind'];
  class: Class;
  /** Of the rule that speaks. */
  code: string;
  sentence: string;
  whatToDo: string;
  /** Of a changed object: path of the field. */
  field?: string;
  /** Further fields of which the rule says the same. */
  alsoFields?: string[];
  before?: Plain;
  after?: Plain;
  /** Of a renamed object. */
  renamedFrom?: { address: string; evidence: string };
  /** Where it stands: in head, or in base where head no longer has it. */
  origin: Origin & { side: 'base' | 'head' };
  certainty: Certainty;
  owner: string | null;
  /** Whether it only follows from other changes. */
  follows?: true;
}

/** What a change has an effect on, beyond what changed. */
export interface Reached {
  address: string;
  of: ReachedKind;
  name: string;
  owner: string | null;
  /** The address of a change that reaches it, and what stands between the two. */
  from: string;
  via: string[];
}
export type ReachedKind = ObjectKind | 'platform_alert' | 'page' | 'panel';

export interface Work {
  /** `run`: one run computes all of it; `backfill`: one per interval since `from`. */
  kind: 'backfill' | 'run' | 'train';
  /** A pipeline, or a model. */
  subject: string;
  /** First day of a backfill; until now. */
  from?: string;
  tables?: string[];
  /** Where `Facts` know them. */
  rows?: number;
  reason: string;
  command: string | null;
}

export interface Stage {
  title: string;
  addresses: string[];
  /** What people call them. */
  names: string[];
}
