import type { Finding, FindingDetails, Place, Severity } from './diagnostic.ts';

/** What a code means: shown by the printers and `mlops explain`, and written to docs/codes.md. */
export interface Entry {
  severity: Severity;
  title: string;
  /** Why it matters. */
  why: string;
  example: string;
  fix: string;
  /** An error whose output works but breaks a promise; a team may suppress it for a time, as it may any warning. */
  judgement?: true;
}

export type Catalog = Readonly<Record<string, Entry>>;

export const isSuppressible = ({ severity, judgement }: Entry): boolean => severity === 'warning' || judgement === true;

/**
 * The codes of a check or a stage, and its own way to make findings: with another code it does not compile.
 * `borrowed` are codes that stand elsewhere and are given here too.
 */
export function defineCodes<const Own extends Catalog, const Borrowed extends Catalog = Record<never, Entry>>(
  codes: Own,
  borrowed?: Borrowed,
) {
  const known: Catalog = { ...borrowed, ...codes };
  const finding = (
    code: string & (keyof Own | keyof Borrowed),
    at: Place,
    message: string,
    { rule, severity, help, related, fix }: FindingDetails = {},
  ): Finding => ({
    code,
    rule: rule ?? null,
    severity: severity ?? (known[code] as Entry).severity,
    message,
    at,
    related: once(related ?? []),
    help: help ?? null,
    fix: fix ? { ...fix, edits: fix.edits.map((edit) => ({ at, ...edit })) } : null,
  });
  return { codes, finding };
}

const once = (related: Finding['related']): Finding['related'] => [
  ...new Map(related.map((each) => [JSON.stringify(each), each])).values(),
];
