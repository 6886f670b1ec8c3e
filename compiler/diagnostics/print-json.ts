import type { Finding } from './diagnostic.ts';
import { fingerprints } from './fingerprint.ts';
import { exactly } from './fix.ts';

/**
 * Version 1 of the JSON format, as `findings.schema.json` has it: one object with all findings, in the
 * order of the text format. Fields may be added; a field that goes or changes its meaning makes version 2.
 */
export function printJson(findings: readonly Finding[], textOf: (file: string) => string | undefined): string {
  const errors = findings.filter((each) => each.severity === 'error').length;
  const names = fingerprints(findings, textOf);
  const listed = findings.map(({ fix, ...finding }, index) => ({
    ...finding,
    fingerprint: names[index],
    fix: fix && {
      ...fix,
      edits: fix.edits.flatMap((edit) => exactly(edit, textOf(edit.at.file) ?? '') ?? []).map(({ at, to }) => ({ at, to })),
    },
  }));
  return `${JSON.stringify({ version: 1, errors, warnings: findings.length - errors, findings: listed }, null, 2)}\n`;
}
