import type { Finding } from './diagnostic.ts';
import { fingerprints } from './fingerprint.ts';
import { exactEdits } from './fix.ts';
import type { TextOf } from './lines.ts';
import { printableJson } from './printable.ts';
import type { Suppressed } from './suppress.ts';

/**
 * Version 1 of the JSON format, as `findings.schema.json` has it: one object with all findings, in the
 * order of the text format. Fields may be added; a field that goes or changes its meaning makes version 2.
 */
export function printJson(findings: readonly Finding[], suppressed: readonly Suppressed[], textOf: TextOf): string {
  const errors = findings.filter((each) => each.severity === 'error').length;
  const hidden = suppressed.map(({ finding }) => finding);
  const [names, hiddenNames] = [fingerprints(findings, textOf), fingerprints(hidden, textOf)];
  const listed = listing(textOf);
  const body = {
    version: 1,
    errors,
    warnings: findings.length - errors,
    findings: findings.map((finding, index) => ({ ...listed(finding), fingerprint: names[index] })),
    suppressed: suppressed.map(({ finding, by }, index) => ({
      ...listed(finding),
      fingerprint: hiddenNames[index],
      by,
    })),
  };
  return `${printableJson(body)}\n`;
}

function listing(textOf: TextOf) {
  const exactly = exactEdits(textOf);
  return ({ fix, ...finding }: Finding) => {
    const edits = fix?.edits.flatMap((edit) => exactly(edit) ?? []) ?? [];
    return { ...finding, fix: fix && { ...fix, edits: edits.map(({ at, to }) => ({ at, to })) } };
  };
}
