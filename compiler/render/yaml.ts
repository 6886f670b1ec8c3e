import { Document, isScalar, visit } from 'yaml';
import { escapeJson, type Json } from './json.ts';
import { escapeUnprintable, hex } from './unprintable.ts';

const unusual = /[^ -~]/;

/**
 * YAML that a YAML 1.1 parser (PyYAML) and a 1.2 parser read alike. Strings of more than printable ASCII are
 * double-quoted, in one line, and what cannot be seen in them is escaped.
 */
export function yaml(value: Json): string {
  // PyYAML reads a plain `yes` as true and 22:22 as 1342: `compat` has both quoted.
  const document = new Document(value, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (isScalar(node) && typeof node.value === 'string' && unusual.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
  return text
    .split('\n')
    .map((line) => escapeUnprintable(line, escapeYaml))
    .join('\n');
}

function escapeYaml(codePoint: number): string {
  return codePoint > 0xffff ? `\\U${hex(codePoint, 8)}` : escapeJson(codePoint);
}
