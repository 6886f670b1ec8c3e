import type { Place } from '../diagnostics/diagnostic.ts';
import type { ScalarType } from '../ir/types.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import {
  type Declarations,
  type Declared,
  entitiesOf,
  joinKeyOf,
  keyAt,
  ownColumn,
  ownTime,
  predictionsOf,
  referencesOf,
  tableOf,
  valueAt,
  valueIn,
} from './declared.ts';
import { scoringPipeline } from './derived-names.ts';
import { type Occurrence, occurrencesIn, statedAt } from './occurrences.ts';

/** Everything that the specs say about one table. */
export interface TableUse {
  name: string;
  writes: TableWrite[];
  reads: TableRead[];
  /** Columns that readers need. */
  needs: ColumnNeed[];
}

export interface TableWrite {
  pipeline: string;
  step: string;
  at: Place;
  /** Declared columns and their types, where the writer states them. */
  columns: Record<string, ScalarType> | null;
  /** Where a declared column stands. */
  columnAt?: (column: string) => Place;
  /** Folder of the team's function that writes it; null for a step of the platform. */
  folder: string | null;
}

export interface TableRead {
  /** In words, such as `feature view carrier_delays`. */
  reader: string;
  at: Place;
  /** The name was not written down but follows from another name. */
  implied: boolean;
  /** Code of the finding where no step writes the table, if the schema says one. */
  unwritten: string | null;
}

export interface ColumnNeed {
  column: string;
  /** Null where any type will do. */
  type: ScalarType | null;
  reader: string;
  /** Spec file of the reader. */
  file: string;
  at: Place;
  /** Where the type is stated. */
  typeAt: Place;
  /** Whether `at` shows the column's own name, so that it could be misspelt there. */
  stated: boolean;
}

export function collectTables(declarations: Declarations): Map<string, TableUse> {
  const tables = new Map<string, TableUse>();
  const use: Use = (name) => {
    const found = tables.get(name) ?? { name, writes: [], reads: [], needs: [] };
    tables.set(name, found);
    return found;
  };
  for (const declared of writersFirst(declarations))
    for (const each of occurrencesIn(declared)) collect(each, use, declarations);
  for (const view of declarations.views.values())
    needJoinKeys(view, tableOf(view), [view], 'entity', declarations, use);
  const scorers = writtenScorers(declarations);
  for (const model of declarations.models.values()) collectModel(model, declarations, scorers.get(model.name), use);
  return tables;
}

type Use = (name: string) => TableUse;

/** Of two readers the first is reported, and in this order. */
const writersFirst = ({ platform, ...rest }: Declarations): Declared<Kind>[] =>
  [
    rest.pipelines,
    rest.views,
    rest.models,
    rest.entities,
    rest.policies,
    rest.monitorings,
    new Map([['', platform]]),
  ].flatMap((each: ReadonlyMap<string, Declared<Kind>>) => [...each.values()]);

function collect(occurrence: Occurrence, use: Use, declarations: Declarations): void {
  const { kind, name, scope, isDefinition } = occurrence;
  if (kind === 'table' && !isDefinition) use(name).reads.push(readOf(occurrence));
  else if (kind === 'table' && occurrence.declared.spec.kind === 'Pipeline') use(name).writes.push(writeOf(occurrence));
  else if (kind === 'column' && scope !== null && !isOwnColumn(occurrence, declarations))
    use(scope).needs.push(...needsOf(occurrence));
}

/** A feature that is its view's key or time is a finding of its own, and needs no column beside that one. */
const isOwnColumn = ({ declared, path, bare }: Occurrence, declarations: Declarations): boolean =>
  declared.spec.kind === 'FeatureView' &&
  path[0] === 'features' &&
  ownColumn(declared as Declared<'FeatureView'>, bare, declarations) !== null;

function readOf(occurrence: Occurrence): TableRead {
  const { as, rule, range, declared } = occurrence;
  return {
    reader: as,
    at: range === null ? keyAt(declared, 'kind') : statedAt(occurrence),
    implied: range === null,
    unwritten: rule.unknown ?? null,
  };
}

function writeOf(occurrence: Occurrence): TableWrite {
  const { path, declared } = occurrence;
  const [, step = ''] = path.map(String);
  const { run } = (declared as Declared<'Pipeline'>).value.steps[step] ?? {};
  const columns = valueIn(declared, path);
  return {
    pipeline: declared.name,
    step,
    at: statedAt(occurrence),
    columns: typeof columns === 'object' ? (columns as Record<string, ScalarType>) : null,
    columnAt: (column) => keyAt(declared, ...path, column),
    folder: run === undefined ? null : declared.spec.folder,
  };
}

/** Where the schema says which type a column must have. */
function needsOf(occurrence: Occurrence): ColumnNeed[] {
  const { rule, path, declared, bare: column, as: reader } = occurrence;
  const at = statedAt(occurrence);
  const need = { column, reader, file: declared.spec.path, at, stated: true };
  if (rule.typeAt !== undefined) {
    const type = [...path, rule.typeAt];
    return [{ ...need, type: valueIn(declared, type) as ScalarType, typeAt: valueAt(declared, ...type) }];
  }
  return rule.type === undefined
    ? []
    : [{ ...need, type: rule.type === 'any' ? null : (rule.type as ScalarType), typeAt: at }];
}

/** A table that is joined to views has the keys of their entities. */
function needJoinKeys(
  reader: Declared<'FeatureView'> | Declared<'Model'>,
  table: string,
  views: readonly Declared<'FeatureView'>[],
  field: string,
  { entities }: Declarations,
  use: Use,
): void {
  for (const name of new Set(views.flatMap(entitiesOf))) {
    const entity = entities.get(name);
    // A key that is the view's own time is a finding of its own.
    if (!entity || views.some((view) => tableOf(view) === table && ownTime(view, joinKeyOf(entity)) !== null)) continue;
    use(table).needs.push({
      column: joinKeyOf(entity),
      type: entity.value.type,
      reader: `${reader.spec.kind === 'Model' ? 'model' : 'feature view'} ${reader.name}`,
      file: reader.spec.path,
      at: valueAt(reader, field),
      typeAt: valueAt(entity, 'type'),
      stated: false,
    });
  }
}

function collectModel(
  model: Declared<'Model'>,
  declarations: Declarations,
  written: Scorer | undefined,
  use: Use,
): void {
  const { label, serving } = model.value;
  const names = new Set(referencesOf(model).map(({ view }) => view));
  const views = [...names].flatMap((name) => declarations.views.get(name) ?? []);
  for (const table of new Set([label.table, serving?.batch?.entities ?? label.table]))
    needJoinKeys(model, table, views, 'features', declarations, use);
  if (!serving?.batch) return;
  const scorer = written ?? { pipeline: scoringPipeline(model.name), step: 'score' };
  const at = keyAt(model, 'serving', 'batch');
  use(predictionsOf(model)).writes.push({ ...scorer, at, columns: null, folder: null });
}

interface Scorer {
  pipeline: string;
  step: string;
}

/** The steps of written pipelines that score models, by model. */
function writtenScorers({ pipelines }: Declarations): ReadonlyMap<string, Scorer> {
  const found = new Map<string, Scorer>();
  for (const pipeline of pipelines.values())
    for (const [name, { uses, model }] of Object.entries(pipeline.value.steps))
      if (uses === 'score' && model !== undefined && !found.has(model))
        found.set(model, { pipeline: pipeline.name, step: name });
  return found;
}
