/** What somebody asks `mlops new` for; null is what was not said. */

export const things = ['entity', 'view', 'pipeline', 'model', 'policy', 'monitoring'] as const;
export type Thing = (typeof things)[number];

export interface Wanted {
  thing: Thing;
  name: string;
  /** The owner in whose folder it is to stand. */
  team: string | null;
  entity: string | null;
  fromTable: string | null;
  /** Column of the table with the time of its rows. */
  timestamp: string | null;
  /** Column of the table that a model predicts. */
  label: string | null;
  /** Views that a model uses. */
  views: string[] | null;
  type: string | null;
  cron: string | null;
}

/** Texts of new files by their paths. */
export type Files = ReadonlyMap<string, string>;

/** What is to be said before it can be made. */
export interface Question {
  option: 'entity' | 'from-table' | 'timestamp' | 'label' | 'type';
  asks: string;
  choices: readonly string[];
}

/** What can be made, the best first: the first that compiles without a finding is it. */
export type Proposal = { question: Question } | { candidates: Files[] };
