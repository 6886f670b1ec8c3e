import type { Analysis } from '../compile.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { printGithub } from '../diagnostics/print-github.ts';
import { printJson } from '../diagnostics/print-json.ts';
import { printSarif } from '../diagnostics/print-sarif.ts';
import { printText } from '../diagnostics/print-text.ts';
import type { Context, Option } from './command.ts';

export const formatOption: Option = {
  type: 'string',
  choices: ['text', 'json', 'sarif', 'github'],
  default: 'text',
  help: 'how findings are printed',
};

/** Prints findings: text to standard error, machine formats to standard output. */
export function report({ findings, texts }: Pick<Analysis, 'findings' | 'texts'>, format: string, context: Context): void {
  const textOf = (file: string): string | undefined => texts.get(file);
  if (format === 'json') context.out(printJson(findings, textOf));
  else if (format === 'sarif') context.out(printSarif(findings, textOf));
  else if (format === 'github') context.out(printGithub(findings));
  else if (findings.length > 0) context.err(`${printText(findings, { color: context.color, textOf })}\n`);
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

export function tally(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  return warnings === 0 ? count(errors, 'error') : `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
}

export { count };
