import type { Finding } from './diagnostic.ts';
import { fingerprints } from './fingerprint.ts';
import { exactly } from './fix.ts';
import type { Suppressed } from './suppress.ts';

type TextOf = (file: string) => string | undefined;

/**
 * Version 1 of the JSON format, as `findings.schema.json` has it: one object with all findings, in the
 * order of the text format. Fields may be added; a field that goes or changes its meaning makes version 2.
 */
export function printJson(findings: readonly Finding[], suppressed: readonly Suppressed[], textOf: TextOf): string {
  const errors = findings.filter((each) => each.severity === 'error').length;
  const hidden = suppressed.map(({ finding }) => finding);
  const [names, hiddenNames] = [fingerprints(findings, textOf), fingerprints(hidden, textOf)];
  const body = {
    version: 1,
    errors,
    warnings: findings.length - errors,
    findings: findings.map((finding, index) => ({ ...listed(finding, textOf), fingerprint: names[index] })),
    suppressed: suppressed.map(({ finding, by }, index) => ({
      ...listed(finding, textOf),
      fingerprint: hiddenNames[index],
      by,
    })),
  };
  return `${JSON.stringify(body, null, 2)}\n`;
}

function listed({ fix, ...finding }: Finding, textOf: TextOf) {
  const edits = fix?.edits.flatMap((edit) => exactly(edit, textOf(edit.at.file) ?? '') ?? []) ?? [];
  return { ...finding, fix: fix && { ...fix, edits: edits.map(({ at, to }) => ({ at, to })) } };
}
