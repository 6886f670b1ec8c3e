import { byText, type Place } from '../diagnostics/diagnostic.ts';
import { address } from '../ir/address.ts';
import type { Column, Origin, ScalarType, Table } from '../ir/types.ts';
import { type Declared, entitiesOf, joinKeyOf, predictionsOf, referencesOf, tableOf } from '../link/declared.ts';
import { MODEL_VERSION, PREDICTION } from '../link/derived-names.ts';
import type { Graph } from '../link/graph.ts';
import type { TableUse } from '../link/tables.ts';
import { tableAsset } from '../resolve/assets.ts';
import { originOf, originsOfPlaces } from '../resolve/origins.ts';
import { sorted, sortedEntries } from '../resolve/sorted.ts';

export function lowerTables(graph: Graph): Table[] {
  const columnsOfPredictions = new Map(
    [...graph.models.values()]
      .filter(({ value }) => value.serving?.batch)
      .map((model) => [predictionsOf(model), predictionColumns(model, graph)]),
  );
  const timestampOf = timestamps(graph);
  const originAt = originsOfPlaces(graph);
  return [...graph.tables.values()]
    .sort((a, b) => byText(a.name, b.name))
    .map((table) => {
      const [writer] = table.writes;
      const at = writer?.at ?? table.reads[0]?.at;
      return {
        address: address.table(table.name),
        origin: at ? originAt(at) : originOf(graph.platform),
        name: table.name,
        columns: columnsOf(table, columnsOfPredictions.get(table.name) ?? [], originAt),
        timestamp: timestampOf.get(table.name) ?? null,
        writer: writer ? { pipeline: writer.pipeline, step: writer.step } : null,
        asset: tableAsset(graph, table.name),
      };
    });
}

/** The type of a label that its writer does not declare. */
const UNDECLARED: ScalarType = 'float64';

/** What the writer declares, in its order, then what readers need beside it, by name. */
function columnsOf(table: TableUse, extra: readonly PredictionColumn[], originAt: (place: Place) => Origin): Column[] {
  const columns = new Map<string, Omit<Column, 'requiredBy'> & { requiredBy: Set<string> }>();
  const add = (name: string, type: ScalarType, origin: Origin) => {
    const column = columns.get(name) ?? {
      address: address.column(table.name, name),
      origin,
      name,
      type,
      requiredBy: new Set(),
    };
    column.requiredBy.add(origin.file);
    columns.set(name, column);
  };
  for (const { name, type, origin } of extra) add(name, type, origin);
  for (const write of table.writes)
    for (const [name, type] of sortedEntries(write.columns ?? {}))
      add(name, type, originAt(write.columnAt?.(name) ?? write.at));
  for (const need of [...table.needs].sort((a, b) => byText(a.column, b.column)))
    add(need.column, need.type ?? columns.get(need.column)?.type ?? UNDECLARED, originAt(need.at));
  return [...columns.values()].map((column) => ({ ...column, requiredBy: [...column.requiredBy].sort(byText) }));
}

/** A view's event timestamp comes first; a label's serves where no view reads the table. */
function timestamps(graph: Graph): Map<string, string> {
  const found = new Map<string, string>();
  const state = (table: string, timestamp: string) => found.has(table) || found.set(table, timestamp);
  for (const view of sorted(graph.views)) state(tableOf(view), view.value.batch.timestamp);
  for (const model of sorted(graph.models)) {
    const { label, serving } = model.value;
    state(label.table, label.timestamp);
    if (!serving?.batch) continue;
    state(serving.batch.entities, label.timestamp);
    state(predictionsOf(model), label.timestamp);
  }
  return found;
}

type PredictionColumn = Pick<Column, 'name' | 'type' | 'origin'>;

function predictionColumns(model: Declared<'Model'>, graph: Graph): PredictionColumn[] {
  const origin = originOf(model, 'serving', 'batch');
  const views = new Set(referencesOf(model).map(({ view }) => view));
  const entities = [...new Set([...views].flatMap((name) => graph.views.get(name) ?? []).flatMap(entitiesOf))].sort(
    byText,
  );
  const keys = entities
    .flatMap((name) => graph.entities.get(name) ?? [])
    .map((entity): PredictionColumn => ({ name: joinKeyOf(entity), type: entity.value.type, origin }));
  return [
    ...keys,
    { name: model.value.label.timestamp, type: 'timestamp', origin },
    { name: PREDICTION, type: 'float64', origin },
    { name: MODEL_VERSION, type: 'string', origin },
  ];
}
