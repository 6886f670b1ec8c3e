import { catalog } from '../catalog.ts';
import type { Analysis } from '../compile.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { printGithub } from '../diagnostics/print-github.ts';
import { printJson } from '../diagnostics/print-json.ts';
import { printSarif } from '../diagnostics/print-sarif.ts';
import { printText } from '../diagnostics/print-text.ts';
import { printable } from '../diagnostics/printable.ts';
import type { Suppressed } from '../diagnostics/suppress.ts';
import { version } from '../product/product.ts';
import type { Context, Option } from './command.ts';

export const formatOption: Option = {
  type: 'string',
  choices: ['text', 'json', 'sarif', 'github'],
  default: 'text',
  help: 'how findings are printed',
};

/** Prints findings: text to standard error, machine formats to standard output. */
export function report(
  { findings, suppressed, texts }: Pick<Analysis, 'findings' | 'suppressed' | 'texts'>,
  format: string,
  context: Context,
): void {
  const textOf = (file: string): string | undefined => texts.get(file);
  if (format === 'json') context.out(printJson(findings, suppressed, textOf));
  else if (format === 'sarif') context.out(printSarif(findings, suppressed, textOf, { version: version(), catalog }));
  else if (format === 'github') context.out(printGithub(findings));
  else if (findings.length > 0) context.err(`${printText(findings, { color: context.color, catalog, textOf })}\n`);
}

/** What comments suppress, a block each, sorted by place. */
export function listSuppressed(suppressed: readonly Suppressed[], context: Context): void {
  for (const { finding, by } of suppressed)
    context.out(
      `${printable(finding.at.file)}:${finding.at.line}:${finding.at.column} ${finding.rule ?? finding.code} until ` +
        `${by.until}\n  ${printable(finding.message)}\n  because ${printable(by.reason)}\n\n`,
    );
  context.out(`${count(suppressed.length, 'finding')} suppressed.\n`);
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

export function tally(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  return warnings === 0 ? count(errors, 'error') : `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
}

export { count };
