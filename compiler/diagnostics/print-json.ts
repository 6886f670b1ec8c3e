import type { Finding } from './diagnostic.ts';

/** Version 1 of the JSON format: one object with all findings, in the order of the text format. */
export function printJson(findings: readonly Finding[]): string {
  const errors = findings.filter((each) => each.severity === 'error').length;
  return `${JSON.stringify({ version: 1, errors, warnings: findings.length - errors, findings }, null, 2)}\n`;
}
