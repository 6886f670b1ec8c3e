/** Names of specs in the team's Python: what it declares, and where a word of it is one. */
import { type Place, wholeFile } from '../diagnostics/diagnostic.ts';
import { type Declared, tableOf } from '../link/declared.ts';
import { inputOf, partsOfInput } from '../link/derived-names.ts';
import type { Graph } from '../link/graph.ts';
import { signatureOf } from '../link/names.ts';
import { occurrencesIn } from '../link/occurrences.ts';
import { wordsIn } from '../link/python.ts';
import { placesIn } from '../source/locate.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import type { Name } from '../spec-schema/name-kinds.ts';

export interface Found extends Name {
  at: Place;
  isDefinition: boolean;
}

/** Files, functions and parameters are declared there, and features are used. */
export function foundInPython(name: Name, graph: Graph): Found[] {
  const declared = declaredAt(name, graph);
  if (declared) return [{ ...name, at: declared, isDefinition: true }];
  return name.kind === 'feature'
    ? featureInPython(name.name, graph).map((at) => ({ ...name, at, isDefinition: false }))
    : [];
}

function declaredAt({ kind, name }: Name, graph: Graph): Place | null {
  if (kind === 'file') return graph.code.has(name) ? wholeFile(name) : null;
  if (kind === 'function') return placeOf(name, name, signatureOf(name, graph)?.at, graph);
  if (kind !== 'parameter') return null;
  const dot = name.lastIndexOf('.');
  const parameters = signatureOf(name.slice(0, dot), graph)?.parameters ?? [];
  return placeOf(
    name.slice(0, dot),
    name.slice(dot),
    parameters.find((each) => each.name === name.slice(dot + 1))?.at,
    graph,
  );
}

/** Of the word that ends `whole`, at an offset of a function's file. */
function placeOf(name: string, whole: string, offset: number | undefined, graph: Graph): Place | null {
  const file = name.slice(0, name.lastIndexOf(':'));
  const word = /\w+$/.exec(whole)?.[0] ?? '';
  return offset === undefined ? null : placesIn(file, graph.code.get(file) ?? '')(offset, word.length);
}

/** In the code of steps that write or read its table it goes by its column. */
function featureInPython(name: string, graph: Graph): Place[] {
  const [view = '', feature = ''] = name.split('.');
  const declared = graph.views.get(view);
  if (!declared) return [];
  const pipelines = [...graph.pipelines.values()].filter((pipeline) => works(pipeline, tableOf(declared)));
  const models = [...graph.models.values()].filter(({ value }) =>
    value.features.some((text) => text === name || text === `${view}.*`),
  );
  return [
    ...words(graph, pipelines, feature),
    ...words(graph, models, inputOf(view, feature)).map((at) => ({ ...at, column: at.endColumn - feature.length })),
  ];
}

/** Whether a step of a pipeline writes or reads a table. */
const works = (pipeline: Declared<'Pipeline'>, table: string): boolean =>
  occurrencesIn(pipeline).some(({ kind, name, path }) => kind === 'table' && name === table && path[0] === 'steps');

function words(graph: Graph, declared: readonly Declared<Kind>[], word: string): Place[] {
  const folders = [...new Set(declared.map(({ spec }) => `${spec.folder}/`))];
  return [...graph.code].flatMap(([file, text]) =>
    folders.some((folder) => file.startsWith(folder)) ? placesOf(word, file, text) : [],
  );
}

function placesOf(word: string, file: string, text: string): Place[] {
  if (!text.includes(word)) return [];
  const placeOf = placesIn(file, text);
  return (wordsIn(text).get(word) ?? []).map((offset) => placeOf(offset, word.length));
}

/** The name that a word of a Python file is, at a position (from 1). */
export function nameInPython(graph: Graph, file: string, line: number, column: number): Found | null {
  const text = graph.code.get(file)?.split('\n')[line - 1] ?? '';
  const word = [...text.matchAll(/[A-Za-z_]\w*/g)].find(
    ({ index, 0: each }) => index + 1 <= column && column <= index + each.length + 1,
  );
  if (!word) return null;
  const end = word.index + 1 + word[0].length;
  const at: Place = { file, line, column: word.index + 1, endLine: line, endColumn: end, path: '' };
  return (
    joined(graph, word[0], at) ??
    columnOf(graph, word[0], at) ??
    (graph.module(file)?.functions.has(word[0])
      ? { kind: 'function', name: `${file}:${word[0]}`, at, isDefinition: false }
      : graph.tables.has(word[0])
        ? { kind: 'table', name: word[0], at, isDefinition: false }
        : null)
  );
}

/** `view__feature`, as a model's code has it. */
function joined(graph: Graph, word: string, at: Place): Found | null {
  const { view = '', feature = '' } = partsOfInput(word) ?? {};
  if (!Object.hasOwn(graph.views.get(view)?.value.features ?? {}, feature)) return null;
  const column = at.endColumn - feature.length;
  return { kind: 'feature', name: `${view}.${feature}`, at: { ...at, column }, isDefinition: false };
}

/** A feature whose table the pipeline of the file works on. */
function columnOf(graph: Graph, word: string, at: Place): Found | null {
  const near = [...graph.pipelines.values()].filter(({ spec }) => at.file.startsWith(`${spec.folder}/`));
  const view = [...graph.views.values()].find(
    (each) => Object.hasOwn(each.value.features, word) && near.some((pipeline) => works(pipeline, tableOf(each))),
  );
  return view ? { kind: 'feature', name: `${view.name}.${word}`, at, isDefinition: false } : null;
}
