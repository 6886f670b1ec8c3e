/** Applies the edits of fixes to texts. */
import type { Edit, Fix } from './diagnostic.ts';
import { lineStarts, positionIn, type TextOf } from './lines.ts';

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

/**
 * Edits with the exact ranges that they replace, in the texts that they were made for; null for one that does not fit.
 * Each text is gone through once.
 */
export function exactEdits(textOf: TextOf): (edit: Edit) => Edit | null {
  const startsOf = startsReader(textOf);
  return (edit) => {
    const starts = startsOf(edit.at.file);
    const change = resolve(edit, textOf(edit.at.file) ?? '', starts);
    if (!change) return null;
    const from = positionIn(starts, change.start);
    const to = positionIn(starts, change.end);
    const at = { ...edit.at, ...from, endLine: to.line, endColumn: to.column };
    return { at, from: null, to: edit.to };
  };
}

function startsReader(textOf: TextOf): (file: string) => readonly number[] {
  const known = new Map<string, readonly number[]>();
  return (file) => {
    const starts = known.get(file) ?? lineStarts(textOf(file) ?? '');
    known.set(file, starts);
    return starts;
  };
}

export interface Applied {
  texts: Map<string, string>;
  /** The fixes that went in, whole; one that would overlap an earlier one stays out. */
  fixes: Fix[];
}

/** Texts with the fixes applied; those of untouched files are left out. */
export function applyFixes(fixes: readonly Fix[], textOf: TextOf): Applied {
  /** By file, in the order of the text; none touches the next. */
  const changes = new Map<string, Change[]>();
  const startsOf = startsReader(textOf);
  const place = (edit: Edit): Change | null => {
    const { file } = edit.at;
    const text = textOf(file);
    const change = text === undefined ? null : resolve(edit, text, startsOf(file));
    const after = change && changes.get(file)?.[firstFrom(changes.get(file) ?? [], change.start)];
    return after && after.start <= change.end ? null : change;
  };
  const applied = fixes.filter(({ edits }) => {
    const placed = edits.map((edit) => ({ file: edit.at.file, change: place(edit) }));
    if (placed.length === 0 || placed.some(({ change }) => change === null)) return false;
    for (const { file, change } of placed) if (change) insert(changes, file, change);
    return true;
  });
  const texts = new Map([...changes].map(([file, all]) => [file, changed(textOf(file) ?? '', all)]));
  return { texts, fixes: applied };
}

/** Index of the first change that ends at an offset or later. */
function firstFrom(changes: readonly Change[], offset: number): number {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle] as Change).end < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insert(changes: Map<string, Change[]>, file: string, change: Change): void {
  const all = changes.get(file) ?? [];
  changes.set(file, all);
  all.splice(firstFrom(all, change.start), 0, change);
}

function changed(text: string, changes: readonly Change[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, to } of changes) {
    parts.push(text.slice(at, start), to);
    at = end;
  }
  return parts.join('') + text.slice(at);
}
