/**
 * `# mlops: ignore FEA015 until 2027-03-31 because the report reads it`: a comment at the end of the
 * line that a finding points at, or on a line of its own above it.
 */
import { Lexer } from 'yaml';
import { type Place, wholeFile } from '../diagnostics/diagnostic.ts';
import type { Suppression, Unusable } from '../diagnostics/suppress.ts';

const MARK = /#\s*mlops:\s*/;

export function suppressionsOf(file: string, text: string): (Suppression | Unusable)[] {
  if (!text.includes('mlops:')) return [];
  const lines = text.split('\n');
  return comments(file, text)
    .filter(({ comment }) => MARK.test(comment))
    .map(({ line, column, comment }) => {
      const at: Place = { ...wholeFile(file), line, column, endLine: line, endColumn: column + comment.length };
      const alone = (lines[line - 1] ?? '').slice(0, column - 1).trim() === '';
      return read(comment.replace(MARK, ''), at, alone ? nextLine(lines, line) : line);
    });
}

function read(text: string, at: Place, line: number): Suppression | Unusable {
  const [, verb = '', rest = ''] = /^(\S*)\s*(.*)$/.exec(text.trim()) ?? [];
  if (verb !== 'ignore') return { at, problem: `'mlops:' must be followed by 'ignore', not by '${verb}'` };
  const [before = '', reason = ''] = rest.split(/\s+because\s+/, 2);
  const [names = '', until = ''] = before.split(/\s*\buntil\s+/, 2);
  const targets = names.split(/[\s,]+/).filter((name) => name !== '');
  if (targets.length === 0) return { at, problem: 'it names no code' };
  if (!isDay(until.trim()))
    return { at, problem: until === '' ? 'it has no end date' : `'${until.trim()}' is not a date` };
  if (reason.trim() === '') return { at, problem: 'it gives no reason' };
  return { targets, until: until.trim(), reason: reason.trim(), at, line };
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;
}

function nextLine(lines: readonly string[], from: number): number {
  const next = lines.findIndex((line, index) => index >= from && line.trim() !== '' && !line.trim().startsWith('#'));
  return next < 0 ? from : next + 1;
}

interface Comment {
  line: number;
  column: number;
  comment: string;
}

function comments(file: string, text: string): Comment[] {
  if (file.endsWith('.py'))
    return text.split('\n').flatMap((line, index) => {
      const column = line.search(MARK);
      return column < 0 ? [] : [{ line: index + 1, column: column + 1, comment: line.slice(column).trimEnd() }];
    });
  const found: Comment[] = [];
  let line = 1;
  let column = 1;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    // Control tokens have no text of their own: \x02 begins a document, \x18 ends a flow, \x1f says that a scalar
    // follows.
    if (token === '\u0002' || token === '\u0018' || token === '\u001f') {
      isScalar = token === '\u001f';
      continue;
    }
    if (!isScalar && token.startsWith('#')) found.push({ line, column, comment: token.trimEnd() });
    isScalar = false;
    const ends = token.split('\n');
    line += ends.length - 1;
    column = ends.length > 1 ? (ends.at(-1)?.length ?? 0) + 1 : column + token.length;
  }
  return found;
}
