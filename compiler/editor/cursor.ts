/** Where in a spec a cursor stands, also in a text that is being typed and cannot be read yet. */
import { type Document, isMap, isPair, isScalar, isSeq, parseDocument, type Scalar, visit } from 'yaml';
import { overLimit } from '../source/limits.ts';
import type { Path } from '../source/locate.ts';

export interface Cursor {
  /** Keys that lead to the map whose key, or to the value that, is being typed. */
  path: Path;
  part: 'key' | 'value';
  /** What stands before the cursor, and where it begins. */
  typed: string;
  from: number;
  /** Keys that stand beside the one that is being typed. */
  siblings: string[];
  /** Whether the word is the first on its line. */
  isFirst: boolean;
  /** The whole text's value as far as it can be read, with the mark in the word at the cursor. */
  value: unknown;
}

/** A character of no script, for the place of the cursor. */
export const MARK = '\ue000';

export function cursorAt(text: string, offset: number): Cursor | null {
  const marked = `${text.slice(0, offset)}${MARK}${text.slice(offset)}`;
  if (overLimit(marked)) return null;
  const document = parseDocument(marked, { uniqueKeys: false, logLevel: 'silent', merge: false });
  let found: Cursor | null = null;
  visit(document, {
    Scalar(key, node, ancestors) {
      const at = markOf(node, marked);
      if (at === null || found) return;
      const path: (string | number)[] = [];
      for (const [index, ancestor] of ancestors.entries()) {
        const next = ancestors[index + 1] ?? node;
        if (isPair(ancestor) && isScalar(ancestor.key) && next !== ancestor.key) path.push(String(ancestor.key.value));
        if (isSeq(ancestor)) path.push(ancestor.items.indexOf(next as never));
      }
      const map = ancestors.findLast(isMap);
      const start = node.range?.[0] ?? offset;
      const from = marked[start] === '"' || marked[start] === "'" ? start + 1 : start;
      found = {
        path,
        part: key === 'key' ? 'key' : 'value',
        typed: marked.slice(from, at),
        from,
        siblings: (map?.items ?? []).flatMap((each) =>
          isScalar(each.key) && each.key !== node ? [String(each.key.value)] : [],
        ),
        isFirst: marked.slice(marked.lastIndexOf('\n', start - 1) + 1, start).trim() === '',
        value: plainValue(document),
      };
    },
  });
  return found;
}

function plainValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return undefined;
  }
}

function markOf(node: Scalar, text: string): number | null {
  if (typeof node.value !== 'string' || !node.value.includes(MARK) || !node.range) return null;
  const at = text.indexOf(MARK, node.range[0]);
  return at < 0 || at > node.range[1] ? null : at;
}
