/** What does not compile has no plan: its findings, as a comment. */
import type { Finding } from '../diagnostics/diagnostic.ts';
import { LONGEST_COMMENT, MARKER } from './comment.ts';
import { code, prose } from './text.ts';

/** Errors first; what does not fit is counted. */
export function brokenComment(findings: readonly Finding[], longest = LONGEST_COMMENT): string {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  const number = `${errors.length} error${errors.length === 1 ? '' : 's'}`;
  const head = `${MARKER}\n\n### Does not compile: ${number}\n\nWhat does not compile has no plan.\n\n`;
  const rows = [...errors, ...warnings].map(row);
  const lines = ['| | Where | What |', '| --- | --- | --- |'];
  let room = longest - head.length - 200;
  for (const each of rows) {
    room -= each.length + 1;
    if (room < 0) break;
    lines.push(each);
  }
  const left = rows.length - (lines.length - 2);
  return `${head}${lines.join('\n')}\n${left > 0 ? `\n${left} more: \`mlops validate\` lists them.\n` : ''}`;
}

const row = ({ severity, code: name, message, help, at }: Finding): string =>
  `| ${severity} ${name} | ${code(`${at.file}:${at.line}`)} | ` +
  `${prose(message)}${help ? ` Help: ${prose(help)}.` : ''} |`;
