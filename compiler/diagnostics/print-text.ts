import colors from 'picocolors';
import type { Catalog } from './codes.ts';
import type { Finding, Place } from './diagnostic.ts';
import { lineReader, type TextOf } from './lines.ts';
import { printable } from './printable.ts';

export interface TextOptions {
  color: boolean;
  catalog: Catalog;
  /** Text of a file, for the excerpt; undefined leaves the excerpt out. */
  textOf: TextOf;
}

const EXCERPT_WIDTH = 120;

/**
 * Findings as people read them: what, where (with the line and a caret), the other places, why it
 * matters (once a code), what to do.
 */
export function printText(findings: readonly Finding[], options: TextOptions): string {
  const paint = colors.createColors(options.color);
  const printer = { paint, lineOf: lineReader(options.textOf, /\r\n|\n|\r/) };
  const explained = new Set<string>();
  const blocks = findings.map((each) => {
    const head =
      each.severity === 'error'
        ? paint.red(paint.bold(`error ${each.code}`))
        : paint.yellow(paint.bold(`warning ${each.code}`));
    const lines = [`${head}: ${paint.bold(printable(each.message))}`, ...excerpt(each.at, '^', printer)];
    for (const other of each.related)
      lines.push(`   ${paint.cyan('note:')} ${printable(other.message)}`, ...excerpt(other.at, '-', printer));
    const entry = options.catalog[each.code];
    if (entry && !explained.has(each.code)) lines.push(`   ${paint.magenta('why:')} ${entry.why}`);
    explained.add(each.code);
    lines.push(`   ${paint.green('help:')} ${each.help ? printable(each.help) : entry?.fix}`);
    return `${lines.join('\n')}\n`;
  });
  return blocks.join('\n');
}

const position = (at: Place): string => `${printable(at.file)}:${at.line}:${at.column}`;

interface Printer {
  paint: ReturnType<typeof colors.createColors>;
  lineOf: ReturnType<typeof lineReader>;
}

function excerpt(at: Place, mark: '^' | '-', { paint, lineOf }: Printer): string[] {
  const where = `  ${paint.blue('-->')} ${position(at)}`;
  const line = lineOf(at.file, at.line);
  if (line === undefined || line.trim() === '') return [where];
  const gutter = String(at.line);
  const from = Math.max(0, at.column - 1 - EXCERPT_WIDTH / 2);
  const shown = line.slice(from, from + EXCERPT_WIDTH);
  const width =
    at.endLine === at.line ? Math.max(1, at.endColumn - at.column) : Math.max(1, line.length - at.column + 1);
  const under = mark.repeat(Math.max(1, Math.min(width, shown.length - (at.column - 1 - from))));
  const bar = paint.blue('|');
  const color = mark === '^' ? paint.red : paint.cyan;
  return [
    where,
    `${' '.repeat(gutter.length)} ${bar}`,
    `${paint.blue(gutter)} ${bar} ${printable(shown)}`,
    `${' '.repeat(gutter.length)} ${bar} ${' '.repeat(at.column - 1 - from)}${color(under)}`,
  ];
}
