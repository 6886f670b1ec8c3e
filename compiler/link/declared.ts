/** A spec with its name, what follows from its own text, and where its parts stand. */
import type { Fix, Place } from '../diagnostics/diagnostic.ts';
import { insertKey } from '../source/edit.ts';
import { type Path, placeOfKey, placeOfPart, placeOfValue } from '../source/locate.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import type { Kind, SpecTypes } from '../spec-schema/kinds.ts';
import { impliedName } from '../spec-schema/positions.ts';
import type { Spec } from '../spec-schema/spec.ts';

/** A named spec that passed its schema, with its links still as names. */
export interface Declared<K extends Kind> {
  name: string;
  spec: Spec<K>;
  value: SpecTypes[K];
}

/** Everything that the specs declare, by name. */
export interface Declarations {
  platform: Declared<'Platform'>;
  entities: Map<string, Declared<'Entity'>>;
  views: Map<string, Declared<'FeatureView'>>;
  pipelines: Map<string, Declared<'Pipeline'>>;
  models: Map<string, Declared<'Model'>>;
  policies: Map<string, Declared<'Policy'>>;
  monitorings: Map<string, Declared<'Monitoring'>>;
}

/** A pipeline or model is called like its folder, everything else like its file. */
export function defaultName(path: string): string {
  const parts = path.replace(/\.ya?ml$/i, '').split('/');
  const last = parts.at(-1) ?? '';
  return (last === 'pipeline' || last === 'model' ? parts.at(-2) : last) ?? last;
}

/** The nearest name that a spec can have; everything goes by it, so that an ill-formed one is one finding. */
export function wellFormed(name: string): string {
  if (/^[a-z][a-z0-9_]{0,62}$/.test(name)) return name;
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 63);
  return plain === '' ? 'my_name' : plain;
}

export const valueAt = (declared: Declared<Kind>, ...path: Path): Place => placeOfValue(declared.spec.source, path);
export const keyAt = (declared: Declared<Kind>, ...path: Path): Place => placeOfKey(declared.spec.source, path);

/** The part of a spec's value at a path that is there. */
export const valueIn = (declared: Declared<Kind>, path: Path): unknown =>
  path.reduce<unknown>((within, step) => (within as Record<string | number, unknown>)[step], declared.value);

/** The safe fix that puts a line into a map of a spec. */
export function inserting(title: string, declared: Declared<Kind>, path: Path, line: string): Fix | null {
  const edit = insertKey(declared.spec.source, path, line);
  return edit && { title, safe: true, edits: [edit] };
}

export const entitiesOf = (view: Declared<'FeatureView'>): string[] => [view.value.entity].flat();
export const isOnline = (view: Declared<'FeatureView'>): boolean => view.value.online ?? defaults.FeatureView.online;
export const tableOf = (view: Declared<'FeatureView'>): string =>
  view.value.batch.table ?? impliedName('FeatureView', ['batch', 'table'], view.name);
export const topicOf = (view: Declared<'FeatureView'>): string =>
  view.value.stream?.topic ?? impliedName('FeatureView', ['stream', 'topic'], view.name);
export const joinKeyOf = (entity: Declared<'Entity'>): string =>
  entity.value.join_key ?? impliedName('Entity', ['join_key'], entity.name);
/** What a view's column is beside its features: null where no key and no time is called so. */
export function ownColumn(
  { value }: Declared<'FeatureView'>,
  column: string,
  { entities }: Pick<Declarations, 'entities'>,
): 'join key' | 'timestamp' | null {
  const keys = [value.entity].flat().flatMap((name) => entities.get(name) ?? []);
  if (keys.some((entity) => joinKeyOf(entity) === column)) return 'join key';
  return ownTime({ value }, column) === null ? null : 'timestamp';
}

export function viewsByTable(
  views: Iterable<Declared<'FeatureView'>>,
): ReadonlyMap<string, readonly Declared<'FeatureView'>[]> {
  const found = new Map<string, Declared<'FeatureView'>[]>();
  for (const view of views) {
    const known = found.get(tableOf(view));
    if (known) known.push(view);
    else found.set(tableOf(view), [view]);
  }
  return found;
}

/** The field of `batch` that a view's time column is stated at. */
export function ownTime({ value: { batch } }: Pick<Declared<'FeatureView'>, 'value'>, column: string) {
  return (['timestamp', 'created'] as const).find((field) => batch[field] === column) ?? null;
}

export const predictionsOf = (model: Declared<'Model'>): string =>
  model.value.serving?.batch?.output ?? impliedName('Model', ['serving', 'batch', 'output'], model.name);

/** `train.py:fit` beside its spec → path from the repository's root, and the function. */
export function resolveRun(spec: Spec, run: string): { file: string; function: string } {
  const colon = run.lastIndexOf(':');
  return { file: `${spec.folder}/${run.slice(0, colon)}`, function: run.slice(colon + 1) };
}

export interface FeatureReference {
  text: string;
  view: string;
  feature: string;
  index: number;
}

/** A model's feature references as written, `*` not yet expanded. */
export function referencesOf(model: Declared<'Model'>): FeatureReference[] {
  return model.value.features.map((text, index) => {
    const dot = text.indexOf('.');
    return { text, view: text.slice(0, dot), feature: text.slice(dot + 1), index };
  });
}

/** Names behind `view.feature` or `view.*`. */
export const featuresOf = (graph: Pick<Declarations, 'views'>, view: string, feature: string): string[] =>
  feature === '*' ? Object.keys(graph.views.get(view)?.value.features ?? {}) : [feature];

/** A part of a text value, from one offset to another. */
export const partAt = (declared: Declared<Kind>, path: Path, from: number, to: number): Place =>
  placeOfPart(declared.spec.source, path, 'value', from, to);
