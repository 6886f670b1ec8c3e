import { parseDocument } from 'yaml';
import type { Graph } from '../link/graph.ts';
import { isKind, type Kind, kindsAt } from '../spec-schema/kinds.ts';
import { type Cursor, cursorAt } from './cursor.ts';
import { describe } from './hover.ts';
import { type Schema, schemaAt } from './schemas.ts';
import type { SymbolKind } from './symbols.ts';

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
  const rest = /^[\w.]*/.exec(text.slice(offset))?.[0].length ?? 0;
  const named = graph ? names(kind, cursor, { file, graph, text }) : [];
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
    schema.default === undefined ? '' : `Default: \`${String(schema.default)}\``,
    schema.examples === undefined ? '' : `Examples: ${schema.examples.map((each) => `\`${String(each)}\``).join(', ')}`,
  ].filter((line) => line !== '');
  return lines.length === 0 ? null : lines.join('\n\n');
}

interface Place {
  file: string;
  graph: Graph;
  text: string;
}

type Names = (place: Place, path: Cursor['path'], cursor: Cursor) => [SymbolKind | null, Iterable<string>];

const tables: Names = ({ graph }) => ['table', graph.tables.keys()];
const views: Names = ({ graph }) => ['feature view', graph.views.keys()];
const models: Names = ({ graph }) => ['model', graph.models.keys()];
const functions: Names = ({ graph, file }) => [null, functionsBeside(graph, file)];
const columns: Names = ({ graph, text }) => [null, columnsOf(graph, /table:\s*["']?(\w+)/.exec(text)?.[1])];

/** Where names of other places stand: kind of spec and path, `*` for any step → the names. */
const places: [Kind | '*', string, Names][] = [
  ['*', 'owner', ({ graph }) => ['owner', Object.keys(graph.platform.value.owners)]],
  ['Platform', 'defaults/owner', ({ graph }) => ['owner', Object.keys(graph.platform.value.owners)]],
  ['FeatureView', 'entity', ({ graph }) => ['entity', graph.entities.keys()]],
  ['FeatureView', 'entity/*', ({ graph }) => ['entity', graph.entities.keys()]],
  ['FeatureView', 'batch/table', tables],
  ['FeatureView', 'batch/timestamp', columns],
  ['FeatureView', 'batch/created', columns],
  ['Pipeline', 'schedule/after/*', tables],
  ['Pipeline', 'steps/*/reads/*', tables],
  ['Pipeline', 'steps/*/writes/*', tables],
  ['Pipeline', 'steps/*/model', models],
  ['Pipeline', 'steps/*/views/*', views],
  ['Pipeline', 'steps/*/run', functions],
  [
    'Pipeline',
    'steps/*/connections/*',
    ({ graph }) => ['connection', Object.keys(graph.platform.value.connections ?? {})],
  ],
  ['Pipeline', 'steps/*/needs', steps],
  ['Pipeline', 'steps/*/needs/*', steps],
  ['Model', 'features/*', features],
  ['Model', 'label/table', tables],
  ['Model', 'label/column', columns],
  ['Model', 'label/timestamp', columns],
  ['Model', 'label/known_after/*', columns],
  ['Model', 'train/run', functions],
  ['Model', 'train/schedule/after/*', tables],
  ['Model', 'serving/batch/entities', tables],
  ['Model', 'serving/batch/schedule/after/*', tables],
  ['Model', 'monitoring/drift/ignore/*', features],
];
const keyPlaces: [Kind, string, Names][] = [
  ['Model', 'serving/online/overrides', ({ graph }) => ['environment', Object.keys(graph.platform.value.environments)]],
  ['Model', 'train/with', parameters],
  ['Pipeline', 'steps/*/with', parameters],
];

const matches = (pattern: string, path: Cursor['path']): boolean => {
  const wanted = pattern.split('/');
  return wanted.length === path.length && wanted.every((step, index) => step === '*' || step === String(path[index]));
};

function names(kind: Kind, cursor: Cursor, place: Place): Completion[] {
  const known = cursor.part === 'key' ? keyPlaces : places;
  const found = known.find(([of, pattern]) => (of === '*' || of === kind) && matches(pattern, cursor.path));
  if (!found) return [];
  const [symbol, all] = found[2](place, cursor.path, cursor);
  return [...all]
    .filter((name) => cursor.part === 'value' || !cursor.siblings.includes(name))
    .map((name) => ({
      label: name,
      insert: cursor.part === 'key' ? `${name}: ` : name,
      detail: symbol ?? '',
      documentation: symbol && describe({ kind: symbol, name }, place.graph),
      what: 'name' as const,
    }));
}

/** Views first; once a view is typed, its features. */
function features({ graph }: Place, _: Cursor['path'], { typed }: Cursor): [SymbolKind, string[]] {
  const [view = ''] = typed.split('.');
  const declared = graph.views.get(view);
  if (!typed.includes('.') || !declared) return ['feature view', [...graph.views.keys()]];
  return ['feature', [...Object.keys(declared.value.features).map((name) => `${view}.${name}`), `${view}.*`]];
}

function steps({ text }: Place, [, own]: Cursor['path']): [null, string[]] {
  const block = /^steps:\n((?:[ \t#].*\n?|\n)*)/m.exec(text)?.[1] ?? '';
  const indent = /^( +)\S/m.exec(block)?.[1] ?? '  ';
  const found = [...block.matchAll(new RegExp(`^${indent}([a-z][a-z0-9_]*):`, 'gm'))].map(([, name = '']) => name);
  return [null, found.filter((name) => name !== own)];
}

function functionsBeside(graph: Graph, file: string): string[] {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  return [...graph.code.keys()]
    .filter((path) => path.startsWith(folder) && !path.includes('/test'))
    .flatMap((path) =>
      [...(graph.module(path)?.functions.keys() ?? [])].map((name) => `${path.slice(folder.length)}:${name}`),
    );
}

function columnsOf(graph: Graph, table: string | undefined): string[] {
  const use = graph.tables.get(table ?? '');
  const declared = use?.writes.find(({ columns: stated }) => stated)?.columns;
  return declared ? Object.keys(declared) : [...new Set(use?.needs.map(({ column }) => column))];
}

/** Of the function that the same map's `run` names; the text is read as far as it can be. */
function parameters({ graph, file, text }: Place, path: Cursor['path']): [null, string[]] {
  const run = parseDocument(text, { uniqueKeys: false, logLevel: 'silent' }).getIn([...path.slice(0, -1), 'run']);
  const colon = typeof run === 'string' ? run.lastIndexOf(':') : -1;
  if (typeof run !== 'string' || colon < 0) return [null, []];
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const signature = graph.module(`${folder}${run.slice(0, colon)}`)?.functions.get(run.slice(colon + 1));
  return [null, signature?.parameters.map(({ name }) => name) ?? []];
}
