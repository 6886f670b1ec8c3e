import type { Place } from '../diagnostics/diagnostic.ts';
import type { ScalarType } from '../ir/types.ts';
import {
  type Declarations,
  type Declared,
  entitiesOf,
  joinKeyOf,
  keyAt,
  predictionsOf,
  tableOf,
  valueAt,
} from './declared.ts';

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
  by: 'view' | 'label' | 'batch' | 'step' | 'schedule';
  /** In words, such as `feature view carrier_delays`. */
  reader: string;
  at: Place;
  /** The name was not written down but follows from another name. */
  implied: boolean;
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

export function collectTables(graph: Declarations): Map<string, TableUse> {
  const tables = new Map<string, TableUse>();
  const use = (name: string): TableUse => {
    const found = tables.get(name) ?? { name, writes: [], reads: [], needs: [] };
    tables.set(name, found);
    return found;
  };
  for (const pipeline of graph.pipelines.values()) collectPipeline(pipeline, use);
  for (const view of graph.views.values()) collectView(view, graph, use);
  const scorers = writtenScorers(graph);
  for (const model of graph.models.values()) collectModel(model, graph, use, scorers.get(model.name));
  return tables;
}

type Use = (name: string) => TableUse;

function collectPipeline(pipeline: Declared<'Pipeline'>, use: Use): void {
  for (const [index, table] of (pipeline.value.schedule?.after ?? []).entries()) {
    use(table).reads.push({
      by: 'schedule',
      reader: `the schedule of pipeline ${pipeline.name}`,
      at: valueAt(pipeline, 'schedule', 'after', index),
      implied: false,
    });
  }
  for (const [name, step] of Object.entries(pipeline.value.steps)) {
    const folder = step.run ? pipeline.spec.folder : null;
    for (const [index, table] of (step.reads ?? []).entries()) {
      use(table).reads.push({
        by: 'step',
        reader: `step ${pipeline.name}.${name}`,
        at: valueAt(pipeline, 'steps', name, 'reads', index),
        implied: false,
      });
    }
    const writes = step.writes ?? [];
    const named = Array.isArray(writes)
      ? writes.map((table, index) => ({ table, key: index, columns: null }))
      : Object.entries(writes).map(([table, columns]) => ({ table, key: table, columns }));
    for (const { table, key, columns } of named) {
      use(table).writes.push({
        pipeline: pipeline.name,
        step: name,
        at: keyAt(pipeline, 'steps', name, 'writes', key),
        columns,
        columnAt: (column) => keyAt(pipeline, 'steps', name, 'writes', key, column),
        folder,
      });
    }
  }
}

function collectView(view: Declared<'FeatureView'>, graph: Declarations, use: Use): void {
  const reader = `feature view ${view.name}`;
  const table = use(tableOf(view));
  const stated = view.value.batch.table !== undefined;
  table.reads.push({
    by: 'view',
    reader,
    at: stated ? valueAt(view, 'batch', 'table') : keyAt(view, 'kind'),
    implied: !stated,
  });
  const need = (column: string, type: ScalarType | null, at: Place, typeAt = at, isStated = true) =>
    table.needs.push({ column, type, reader, file: view.spec.path, at, typeAt, stated: isStated });
  need(view.value.batch.timestamp, 'timestamp', valueAt(view, 'batch', 'timestamp'));
  if (view.value.batch.created) need(view.value.batch.created, 'timestamp', valueAt(view, 'batch', 'created'));
  for (const entity of entitiesOf(view)) {
    const declared = graph.entities.get(entity);
    if (declared)
      need(joinKeyOf(declared), declared.value.type, valueAt(view, 'entity'), valueAt(declared, 'type'), false);
  }
  for (const [name, feature] of Object.entries(view.value.features))
    need(name, feature.type, keyAt(view, 'features', name), valueAt(view, 'features', name, 'type'));
}

function collectModel(model: Declared<'Model'>, graph: Declarations, use: Use, written: Scorer | undefined): void {
  const { label, request, serving, train } = model.value;
  const reader = `model ${model.name}`;
  const needFrom =
    (name: string) =>
    (column: string, type: ScalarType | null, at: Place, typeAt = at, stated = true): void =>
      void use(name).needs.push({ column, type, reader, file: model.spec.path, at, typeAt, stated });
  const fromLabel = needFrom(label.table);
  use(label.table).reads.push({
    by: 'label',
    reader: `the label of ${reader}`,
    at: valueAt(model, 'label', 'table'),
    implied: false,
  });
  fromLabel(label.column, null, valueAt(model, 'label', 'column'));
  fromLabel(label.timestamp, 'timestamp', valueAt(model, 'label', 'timestamp'));
  const rows = serving?.batch ? [fromLabel, needFrom(serving.batch.entities)] : [fromLabel];
  for (const need of rows) {
    for (const [name, field] of Object.entries(request ?? {}))
      need(name, field.type, keyAt(model, 'request', name), valueAt(model, 'request', name, 'type'));
    for (const { name, type, typeAt } of joinKeysOf(model, graph))
      need(name, type, valueAt(model, 'features'), typeAt, false);
  }
  for (const [index, table] of (train.schedule?.after ?? []).entries()) {
    use(table).reads.push({
      by: 'schedule',
      reader: `the training schedule of ${reader}`,
      at: valueAt(model, 'train', 'schedule', 'after', index),
      implied: false,
    });
  }
  if (!serving?.batch) return;
  const at = valueAt(model, 'serving', 'batch', 'entities');
  use(serving.batch.entities).reads.push({ by: 'batch', reader: `the batch scoring of ${reader}`, at, implied: false });
  needFrom(serving.batch.entities)(label.timestamp, 'timestamp', valueAt(model, 'label', 'timestamp'));
  const scorer = written ?? { pipeline: `score_${model.name}`, step: 'score' };
  use(predictionsOf(model)).writes.push({
    ...scorer,
    at: keyAt(model, 'serving', 'batch'),
    columns: null,
    folder: null,
  });
  for (const [index, table] of (serving.batch.schedule?.after ?? []).entries()) {
    use(table).reads.push({
      by: 'schedule',
      reader: `the scoring schedule of ${reader}`,
      at: valueAt(model, 'serving', 'batch', 'schedule', 'after', index),
      implied: false,
    });
  }
}

interface Scorer {
  pipeline: string;
  step: string;
}

/** The steps of written pipelines that score models, by model. */
function writtenScorers(graph: Declarations): Map<string, Scorer> {
  const found = new Map<string, Scorer>();
  for (const pipeline of graph.pipelines.values())
    for (const [name, { uses, model }] of Object.entries(pipeline.value.steps))
      if (uses === 'score' && model !== undefined && !found.has(model))
        found.set(model, { pipeline: pipeline.name, step: name });
  return found;
}

function joinKeysOf(
  model: Declared<'Model'>,
  graph: Declarations,
): { name: string; type: ScalarType; typeAt: Place }[] {
  const views = new Set(model.value.features.map((text) => text.slice(0, text.indexOf('.'))));
  const entities = new Set([...views].flatMap((name) => graph.views.get(name) ?? []).flatMap(entitiesOf));
  return [...entities]
    .flatMap((name) => graph.entities.get(name) ?? [])
    .map((entity) => ({ name: joinKeyOf(entity), type: entity.value.type, typeAt: valueAt(entity, 'type') }));
}
