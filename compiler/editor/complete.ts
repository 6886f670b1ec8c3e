import type { Graph } from '../link/graph.ts';
import { isKind, type Kind, kindsAt } from '../spec-schema/kinds.ts';
import { type Schema, schemaAt } from '../spec-schema/schemas.ts';
import { candidatesAt } from './complete-names.ts';
import { type Cursor, cursorAt } from './cursor.ts';
import { describe } from './hover.ts';

export interface Completion {
  label: string;
  /** What is written; the label, where nothing else is said. */
  insert: string;
  detail: string;
  documentation: string | null;
  what: 'key' | 'value' | 'name';
}

export interface Completions {
  /** Offsets of what they replace. */
  from: number;
  to: number;
  items: Completion[];
}

/** What may be written at an offset of a spec: keys and words of its schema, and names of other files. */
export function complete(file: string, text: string, offset: number, graph: Graph | null): Completions | null {
  const cursor = cursorAt(text, offset);
  const kind = kindOf(file, text);
  if (!cursor || !kind) return null;
  const rest = (cursor.part === 'key' ? /^[\w-]*/ : /^[\w.:/-]*/).exec(text.slice(offset))?.[0].length ?? 0;
  const named = graph ? names(kind, cursor, file, graph) : [];
  const items =
    cursor.part === 'key'
      ? [...named, ...keys(schemaAt(kind, cursor.path), cursor)]
      : [...named, ...values(kind, cursor)];
  return {
    from: cursor.from,
    to: offset + rest,
    items: [...new Map(items.map((item) => [item.label, item])).values()],
  };
}

function kindOf(file: string, text: string): Kind | null {
  const stated = /^kind:\s*["']?(\w+)/m.exec(text)?.[1];
  if (isKind(stated)) return stated;
  return kindsAt(file)[0] ?? null;
}

function keys(schema: Schema | null, { siblings }: Cursor): Completion[] {
  return Object.entries(schema?.properties ?? {})
    .filter(([key]) => !siblings.includes(key))
    .map(([key, each]) => ({
      label: key,
      insert: `${key}: `,
      detail: schema?.required?.includes(key) ? 'required' : '',
      documentation: documentation(each),
      what: 'key' as const,
    }));
}

function values(kind: Kind, cursor: Cursor): Completion[] {
  const schema = schemaAt(kind, cursor.path);
  if (!schema) return [];
  // A word on a line of its own, where a map is meant, becomes its first key.
  if (schema.properties && (cursor.isFirst || cursor.typed !== '')) return keys(schema, { ...cursor, siblings: [] });
  const words = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  const flags = [schema.type].flat().includes('boolean') ? [true, false] : [];
  const examples =
    words.length > 0 ? [] : [schema.default, ...(schema.examples ?? [])].filter((each) => each !== undefined);
  return [...words, ...flags, ...examples].map((word) => ({
    label: String(word),
    insert: String(word),
    detail: word === schema.default ? 'default' : '',
    documentation: documentation(schema),
    what: 'value' as const,
  }));
}

export function documentation(schema: Schema): string | null {
  const lines = [
    schema.description ?? '',
    ...defaultsOf(schema),
    schema.examples === undefined ? '' : `Examples: ${schema.examples.map((each) => `\`${String(each)}\``).join(', ')}`,
  ].filter((line) => line !== '');
  return lines.length === 0 ? null : lines.join('\n\n');
}

const defaultsOf = (schema: Schema): string[] => [
  ...(schema.default === undefined ? [] : [`Default: \`${String(schema.default)}\``]),
  ...Object.entries(schema['x-default-by'] ?? {}).flatMap(([field, values]) =>
    Object.entries(values).map(([word, value]) => `Default with \`${field}: ${word}\`: \`${String(value)}\``),
  ),
];

const names = (kind: Kind, cursor: Cursor, file: string, graph: Graph): Completion[] =>
  candidatesAt(kind, cursor, file, graph)
    .filter(({ part, text }) => part === 'value' || !cursor.siblings.includes(text))
    .map(({ part, text, ...name }) => ({
      label: text,
      insert: part === 'key' ? `${text}: ` : text,
      detail: name.kind,
      documentation: describe(name, graph),
      what: 'name' as const,
    }));
