import type { Finding } from './diagnostic.ts';

const data = (text: string): string => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
const property = (text: string): string => data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');

/** Workflow commands that GitHub shows as annotations beside the changed lines. */
export function printGithub(findings: readonly Finding[]): string {
  return findings
    .map(({ severity, code, message, help, at }) => {
      const place = `file=${property(at.file)},line=${at.line},col=${at.column},endLine=${at.endLine},endColumn=${at.endColumn}`;
      return `::${severity} ${place},title=${code}::${data(help ? `${message} (${help})` : message)}\n`;
    })
    .join('');
}
