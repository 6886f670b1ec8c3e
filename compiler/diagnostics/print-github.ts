import type { Finding } from './diagnostic.ts';
import { printable } from './printable.ts';

/** GitHub has its own escapes for what ends a line; everything else that is not printed is replaced. */
const data = (text: string): string =>
  text
    .split(/(\r|\n)/)
    .map((part) => (part === '\r' ? '%0D' : part === '\n' ? '%0A' : printable(part).replace(/%/g, '%25')))
    .join('');
const property = (text: string): string => data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');

/** Workflow commands that GitHub shows as annotations beside the changed lines. */
export function printGithub(findings: readonly Finding[]): string {
  return findings
    .map(({ severity, code, message, help, at }) => {
      const range = `line=${at.line},col=${at.column},endLine=${at.endLine},endColumn=${at.endColumn}`;
      const text = data(help ? `${message} (${help})` : message);
      return `::${severity} file=${property(at.file)},${range},title=${code}::${text}\n`;
    })
    .join('');
}
