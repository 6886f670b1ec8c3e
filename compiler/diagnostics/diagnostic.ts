export type Severity = 'error' | 'warning';

/** A range in a file. Lines and columns count from 1; the end is exclusive. */
export interface Place {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /** Position in the spec's value, such as `features/mean_delay/type`; empty for the whole file. */
  path: string;
}

/** A change of a text that mends a finding. */
export interface Edit {
  at: Place;
  /** The part of the range that is replaced; null for all of it. */
  from: string | null;
  to: string;
}

export interface Fix {
  /** What it does, as an order: "write 'ttl'". */
  title: string;
  /** Whether it may be applied unasked: there is no second reading of what was meant. */
  safe: boolean;
  edits: Edit[];
}

export interface Finding {
  code: string;
  /** Name of the policy rule, for what an organisation's own rules find. */
  rule: string | null;
  severity: Severity;
  message: string;
  at: Place;
  related: { message: string; at: Place }[];
  help: string | null;
  fix: Fix | null;
}

export interface FindingDetails {
  rule?: string;
  /** Default: the code's. */
  severity?: Severity;
  help?: string | null | undefined;
  related?: Finding['related'];
  /** Edits without a place change the finding's own range. */
  fix?: { title: string; safe: boolean; edits: (Omit<Edit, 'at'> & { at?: Place })[] } | null | undefined;
}

/** A place that stands for a whole file, where nothing inside it can be pointed at. */
export function wholeFile(file: string): Place {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1, path: '' };
}

export const hasErrors = (findings: readonly Finding[]): boolean => findings.some((each) => each.severity === 'error');

/** Code-unit order, the same in every locale. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const inOrder = (a: Finding, b: Finding): number =>
  byText(a.at.file, b.at.file) ||
  a.at.line - b.at.line ||
  a.at.column - b.at.column ||
  byText(a.code, b.code) ||
  byText(a.message, b.message);

/** Sorted by place, each finding once. */
export function tidy(findings: readonly Finding[]): Finding[] {
  const once = new Map(findings.map((each) => [JSON.stringify([each.code, each.at, each.message]), each]));
  return [...once.values()].sort(inOrder);
}
