/** Names and where they stand: what is declared, and each place that refers to it. */
import type { Place } from '../diagnostics/diagnostic.ts';
import { type Declared, entitiesOf, keyAt, partAt, resolveRun, tableOf, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { offsetsOf } from '../link/python.ts';
import { type Path, placeInText } from '../source/locate.ts';
import type { Kind } from '../spec-schema/kinds.ts';

export type SymbolKind =
  | 'entity'
  | 'feature view'
  | 'feature'
  | 'pipeline'
  | 'step'
  | 'model'
  | 'table'
  | 'owner'
  | 'connection'
  | 'environment'
  | 'function';

export interface Name {
  kind: SymbolKind;
  /** Whole: `view.feature`, `pipeline.step`, `file.py:function`. */
  name: string;
}

export interface Occurrence extends Name {
  at: Place;
  isDefinition: boolean;
}

export const isSame = (a: Name, b: Name): boolean => a.kind === b.kind && a.name === b.name;

type Add = (kind: SymbolKind, name: string, at: Place, isDefinition?: boolean) => void;

/** Each name in a spec, with the range of the name alone. */
export function occurrencesIn(declared: Declared<Kind>): Occurrence[] {
  const found: Occurrence[] = [];
  const add: Add = (kind, name, at, isDefinition = false) => void found.push({ kind, name, at, isDefinition });
  const { owner } = declared.value as { owner?: string };
  if (owner !== undefined) add('owner', owner, bare(declared, ['owner']));
  const { kind } = declared.spec;
  if (kind === 'Platform') inPlatform(declared as Declared<'Platform'>, add);
  else if (kind === 'Entity') add('entity', declared.name, placeOfName(declared), true);
  else if (kind === 'FeatureView') inView(declared as Declared<'FeatureView'>, add);
  else if (kind === 'Pipeline') inPipeline(declared as Declared<'Pipeline'>, add);
  else if (kind === 'Model') inModel(declared as Declared<'Model'>, add);
  return found;
}

const placeOfName = (declared: Declared<Kind>): Place =>
  (declared.value as { name?: string }).name === undefined ? valueAt(declared, 'kind') : bare(declared, ['name']);

/** A value's text without its quotes. */
function bare(declared: Declared<Kind>, path: Path): Place {
  const value = path.reduce<unknown>(
    (within, step) => (within as Record<string | number, unknown> | undefined)?.[step],
    declared.value,
  );
  return typeof value === 'string' ? partAt(declared, path, 0, value.length) : valueAt(declared, ...path);
}

const cut = (at: Place, from: number, length: number): Place => ({
  ...at,
  column: at.column + from,
  endColumn: at.column + from + length,
});

function inPlatform(platform: Declared<'Platform'>, add: Add): void {
  const { owners, connections, environments, defaults } = platform.value;
  for (const name of Object.keys(owners)) add('owner', name, keyAt(platform, 'owners', name), true);
  for (const name of Object.keys(connections ?? {}))
    add('connection', name, keyAt(platform, 'connections', name), true);
  for (const name of Object.keys(environments)) add('environment', name, keyAt(platform, 'environments', name), true);
  if (defaults?.owner !== undefined) add('owner', defaults.owner, bare(platform, ['defaults', 'owner']));
}

function inView(view: Declared<'FeatureView'>, add: Add): void {
  add('feature view', view.name, placeOfName(view), true);
  for (const [index, name] of entitiesOf(view).entries())
    add('entity', name, bare(view, Array.isArray(view.value.entity) ? ['entity', index] : ['entity']));
  for (const name of Object.keys(view.value.features))
    add('feature', `${view.name}.${name}`, keyAt(view, 'features', name), true);
  if (view.value.batch.table !== undefined) add('table', view.value.batch.table, bare(view, ['batch', 'table']));
}

function inPipeline(pipeline: Declared<'Pipeline'>, add: Add): void {
  add('pipeline', pipeline.name, placeOfName(pipeline), true);
  after(pipeline, ['schedule', 'after'], pipeline.value.schedule?.after, add);
  for (const [name, step] of Object.entries(pipeline.value.steps)) {
    const at: Path = ['steps', name];
    add('step', `${pipeline.name}.${name}`, keyAt(pipeline, ...at), true);
    list(pipeline, [...at, 'needs'], step.needs, (need, place) => add('step', `${pipeline.name}.${need}`, place));
    list(pipeline, [...at, 'reads'], step.reads, (table, place) => add('table', table, place));
    list(pipeline, [...at, 'connections'], step.connections, (each, place) => add('connection', each, place));
    list(pipeline, [...at, 'views'], step.views, (each, place) => add('feature view', each, place));
    if (Array.isArray(step.writes))
      list(pipeline, [...at, 'writes'], step.writes, (table, place) => add('table', table, place, true));
    else
      for (const table of Object.keys(step.writes ?? {}))
        add('table', table, keyAt(pipeline, ...at, 'writes', table), true);
    if (step.model !== undefined) add('model', step.model, bare(pipeline, [...at, 'model']));
    run(pipeline, [...at, 'run'], step.run, add);
  }
}

function inModel(model: Declared<'Model'>, add: Add): void {
  const { features, label, train, serving, monitoring } = model.value;
  add('model', model.name, placeOfName(model), true);
  add('table', label.table, bare(model, ['label', 'table']));
  list(model, ['features'], features, (text, at) => feature(text, at, add));
  list(
    model,
    ['monitoring', 'drift', 'ignore'],
    monitoring?.drift?.ignore,
    (text, at) => text.includes('.') && feature(text, at, add),
  );
  after(model, ['train', 'schedule', 'after'], train.schedule?.after, add);
  run(model, ['train', 'run'], train.run, add);
  if (serving?.batch) add('table', serving.batch.entities, bare(model, ['serving', 'batch', 'entities']));
  after(model, ['serving', 'batch', 'schedule', 'after'], serving?.batch?.schedule?.after, add);
  for (const name of Object.keys(serving?.online?.overrides ?? {}))
    add('environment', name, keyAt(model, 'serving', 'online', 'overrides', name));
}

function list(
  declared: Declared<Kind>,
  path: Path,
  stated: string | readonly string[] | undefined,
  each: (text: string, at: Place) => void,
): void {
  if (typeof stated === 'string') each(stated, bare(declared, path));
  else for (const [index, text] of (stated ?? []).entries()) each(text, bare(declared, [...path, index]));
}

const after = (declared: Declared<Kind>, path: Path, stated: readonly string[] | undefined, add: Add): void =>
  list(declared, path, stated, (table, at) => add('table', table, at));

function feature(text: string, at: Place, add: Add): void {
  const dot = text.indexOf('.');
  add('feature view', text.slice(0, dot), cut(at, 0, dot));
  if (!text.endsWith('.*')) add('feature', text, cut(at, dot + 1, text.length - dot - 1));
}

function run(declared: Declared<Kind>, path: Path, stated: string | undefined, add: Add): void {
  if (stated === undefined) return;
  const { file, function: name } = resolveRun(declared.spec, stated);
  add('function', `${file}:${name}`, bare(declared, path));
}

/** All places of a name, in specs and in Python. */
export function occurrencesOf(name: Name, graph: Graph): Occurrence[] {
  const inSpecs = graph.declared.flatMap((declared) => occurrencesIn(declared).filter((each) => isSame(each, name)));
  if (name.kind === 'function') return [...inSpecs, ...definitionOfFunction(name, graph)];
  return name.kind === 'feature' ? [...inSpecs, ...featureInPython(name, graph)] : inSpecs;
}

function definitionOfFunction({ kind, name }: Name, graph: Graph): Occurrence[] {
  const colon = name.lastIndexOf(':');
  const file = name.slice(0, colon);
  const signature = graph.module(file)?.functions.get(name.slice(colon + 1));
  const text = graph.code.get(file);
  if (!signature || text === undefined) return [];
  return [{ kind, name, at: placeInText(file, text, signature.at, name.length - colon - 1), isDefinition: true }];
}

/** In the code of steps that write or read its table it goes by its column; in a model's, by `view__feature`. */
export function featureInPython(name: Name, graph: Graph): Occurrence[] {
  const [view = '', feature = ''] = name.name.split('.');
  const declared = graph.views.get(view);
  if (!declared) return [];
  const table = tableOf(declared);
  const pipelines = [...graph.pipelines.values()].filter(({ value }) =>
    Object.values(value.steps).some(
      ({ reads, writes }) =>
        reads?.includes(table) || (Array.isArray(writes) ? writes.includes(table) : Object.hasOwn(writes ?? {}, table)),
    ),
  );
  const models = [...graph.models.values()].filter(({ value }) =>
    value.features.some((text) => text === name.name || text === `${view}.*`),
  );
  return [
    ...words(graph, pipelines, feature).map((at) => ({ ...name, at, isDefinition: false })),
    ...words(graph, models, `${view}__${feature}`).map((at) => ({
      ...name,
      at: cut(at, view.length + 2, feature.length),
      isDefinition: false,
    })),
  ];
}

function words(graph: Graph, declared: readonly Declared<Kind>[], word: string): Place[] {
  const folders = [...new Set(declared.map(({ spec }) => `${spec.folder}/`))];
  return [...graph.code].flatMap(([file, text]) =>
    folders.some((folder) => file.startsWith(folder))
      ? offsetsOf(word, text).map((offset) => placeInText(file, text, offset, word.length))
      : [],
  );
}

/** The name at a position (from 1) of a file. */
export function nameAt(graph: Graph, file: string, line: number, column: number): Occurrence | null {
  const holds = ({ at }: Occurrence): boolean => at.line === line && at.column <= column && column <= at.endColumn;
  const declared = graph.declared.filter(({ spec }) => spec.path === file);
  if (declared.length > 0) return declared.flatMap(occurrencesIn).find(holds) ?? null;
  return file.endsWith('.py') ? nameInPython(graph, file, line, column) : null;
}

function nameInPython(graph: Graph, file: string, line: number, column: number): Occurrence | null {
  const text = graph.code.get(file)?.split('\n')[line - 1] ?? '';
  const word = [...text.matchAll(/[A-Za-z_]\w*/g)].find(
    ({ index, 0: each }) => index + 1 <= column && column <= index + each.length + 1,
  );
  if (!word) return null;
  const at: Place = {
    file,
    line,
    column: word.index + 1,
    endLine: line,
    endColumn: word.index + 1 + word[0].length,
    path: '',
  };
  const split = word[0].indexOf('__');
  if (split > 0) {
    const [view, feature] = [word[0].slice(0, split), word[0].slice(split + 2)];
    if (graph.views.get(view)?.value.features[feature])
      return {
        kind: 'feature',
        name: `${view}.${feature}`,
        at: cut(at, split + 2, feature.length),
        isDefinition: false,
      };
  }
  const near = [...graph.pipelines.values()].filter(({ spec }) => file.startsWith(`${spec.folder}/`));
  for (const view of graph.views.values()) {
    if (!Object.hasOwn(view.value.features, word[0])) continue;
    const table = tableOf(view);
    const uses = graph.tables.get(table);
    if (
      near.some(
        ({ name }) =>
          uses?.writes.some(({ pipeline }) => pipeline === name) ||
          uses?.reads.some(({ reader }) => reader.startsWith(`step ${name}.`)),
      )
    )
      return { kind: 'feature', name: `${view.name}.${word[0]}`, at, isDefinition: false };
  }
  if (graph.module(file)?.functions.has(word[0]))
    return { kind: 'function', name: `${file}:${word[0]}`, at, isDefinition: false };
  return graph.tables.has(word[0]) ? { kind: 'table', name: word[0], at, isDefinition: false } : null;
}
