/** Applies the edits of fixes to texts. */
import type { Edit, Fix } from './diagnostic.ts';

/** Offsets of each line of a text, for many lookups. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

interface Change {
  start: number;
  end: number;
  to: string;
}

/** Null where the text no longer holds what the edit replaces, or holds it twice. */
function resolve({ at, from, to }: Edit, text: string, starts: readonly number[]): Change | null {
  const offset = (line: number, column: number): number =>
    Math.min(text.length, (starts[line - 1] ?? text.length) + column - 1);
  const start = offset(at.line, at.column);
  const end = Math.max(start, offset(at.endLine, at.endColumn));
  if (from === null) return { start, end, to };
  const within = text.slice(start, end);
  const found = within.indexOf(from);
  if (found < 0 || within.indexOf(from, found + 1) >= 0) return null;
  return { start: start + found, end: start + found + from.length, to };
}

/** The edit with the exact range that it replaces, in the text that it was made for; null where it does not fit. */
export function exactly(edit: Edit, text: string): Edit | null {
  const starts = lineStarts(text);
  const change = resolve(edit, text, starts);
  if (!change) return null;
  const position = (offset: number): [number, number] => {
    const line = starts.findLastIndex((start) => start <= offset);
    return [line + 1, offset - (starts[line] ?? 0) + 1];
  };
  const [line, column] = position(change.start);
  const [endLine, endColumn] = position(change.end);
  return { at: { ...edit.at, line, column, endLine, endColumn }, from: null, to: edit.to };
}

export interface Applied {
  texts: Map<string, string>;
  /** The fixes that went in, whole; one that would overlap an earlier one stays out. */
  fixes: Fix[];
}

/** Texts with the fixes applied; those of untouched files are left out. */
export function applyFixes(fixes: readonly Fix[], textOf: (file: string) => string | undefined): Applied {
  const changes = new Map<string, Change[]>();
  const starts = new Map<string, number[]>();
  const applied: Fix[] = [];
  for (const fix of fixes) {
    const resolved = fix.edits.map((edit) => {
      const text = textOf(edit.at.file);
      if (text === undefined) return null;
      const known = starts.get(edit.at.file) ?? lineStarts(text);
      starts.set(edit.at.file, known);
      const change = resolve(edit, text, known);
      const clashes = (changes.get(edit.at.file) ?? []).some(
        (each) => change && change.start <= each.end && each.start <= change.end,
      );
      return change && !clashes ? { file: edit.at.file, change } : null;
    });
    if (resolved.length === 0 || resolved.includes(null)) continue;
    for (const each of resolved) if (each) changes.set(each.file, [...(changes.get(each.file) ?? []), each.change]);
    applied.push(fix);
  }
  const texts = new Map([...changes].map(([file, all]) => [file, changed(textOf(file) ?? '', all)]));
  return { texts, fixes: applied };
}

function changed(text: string, changes: readonly Change[]): string {
  let result = text;
  for (const { start, end, to } of [...changes].sort((a, b) => b.start - a.start))
    result = result.slice(0, start) + to + result.slice(end);
  return result;
}
