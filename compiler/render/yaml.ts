import { Alias, Document, isMap, isScalar, isSeq, type Node, visit } from 'yaml';
import { escapeJson, type Json } from './json.ts';
import { escapeUnprintable, hex } from './unprintable.ts';

const unusual = /[^ -~]/;
/** On a line of its own below its key: git merges changes of two neighbours where a line between them stays. */
const DIGEST = /^sha256:[0-9a-f]+$/;

/**
 * YAML that a YAML 1.1 parser (PyYAML) and a 1.2 parser read alike. Strings of more than printable ASCII are
 * double-quoted, in one line, and what cannot be seen in them is escaped.
 */
export function yaml(value: Json): string {
  return print(new Document(value, OPTIONS));
}

/**
 * For long files that people review: a top-level `x-NAME` is a fragment with the anchor NAME, `'<<': NAME` merges it
 * into a map, and short lists stand in one line. Only for keys that we write: a name from a spec must never be `<<`.
 */
export function yamlWithFragments(value: { [key: string]: Json }): string {
  const document = new Document(value, { ...OPTIONS, merge: true });
  if (!isMap(document.contents)) throw new Error('fragments stand at the top of a map');
  for (const { key, value: fragment } of document.contents.items)
    if (isScalar(key) && String(key.value).startsWith('x-'))
      (fragment as Node & { anchor?: string }).anchor = String(key.value).slice(2);
  visit(document, {
    Pair(_, pair) {
      if (isScalar(pair.key) && pair.key.value === '<<')
        pair.value = new Alias(String((pair.value as { value?: unknown }).value));
      if (isScalar(pair.value) && DIGEST.test(String(pair.value.value))) pair.value.type = 'BLOCK_LITERAL';
    },
    Seq(_, list) {
      const width = list.items.reduce<number>(
        (sum, item) => (isScalar(item) ? sum + String(item.value).length + 2 : Number.POSITIVE_INFINITY),
        0,
      );
      if (isSeq(list) && width <= 110) list.flow = true;
    },
  });
  return print(document);
}

// PyYAML reads a plain `yes` as true and 22:22 as 1342: `compat` has both quoted.
const OPTIONS = { compat: 'yaml-1.1', aliasDuplicateObjects: false } as const;

function print(document: Document): string {
  visit(document, {
    Scalar(_, node) {
      if (isScalar(node) && typeof node.value === 'string' && unusual.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  const text = document.toString({
    lineWidth: 0,
    flowCollectionPadding: false,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  return text
    .split('\n')
    .map((line) => escapeUnprintable(line, escapeYaml))
    .join('\n');
}

function escapeYaml(codePoint: number): string {
  return codePoint > 0xffff ? `\\U${hex(codePoint, 8)}` : escapeJson(codePoint);
}
