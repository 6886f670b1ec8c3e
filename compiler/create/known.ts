/** What the repository already says: columns of tables, keys, who writes what. */
import type { ScalarType } from '../ir/types.ts';
import { type Declared, entitiesOf, joinKeyOf, tableOf } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';

export type Columns = ReadonlyMap<string, ScalarType>;

/** Columns that a table is known to have: those that its writer states, and those of the views that it holds. */
export function columnsOf(table: string, graph: Graph): Columns {
  const stated = (graph.tables.get(table)?.writes ?? []).flatMap(({ columns }) => Object.entries(columns ?? {}));
  const views = [...graph.views.values()].filter((view) => tableOf(view) === table);
  return new Map([...stated, ...views.flatMap((view) => columnsOfView(view, graph))]);
}

const columnsOfView = (view: Declared<'FeatureView'>, graph: Graph): [string, ScalarType][] => [
  ...keysOf(view, graph),
  ...[view.value.batch.timestamp, view.value.batch.created ?? []]
    .flat()
    .map((name): [string, ScalarType] => [name, 'timestamp']),
  ...Object.entries(view.value.features).map(([name, { type }]): [string, ScalarType] => [name, type]),
];

/** Join keys of a view and their types. */
export const keysOf = (view: Declared<'FeatureView'>, { entities }: Graph): [string, ScalarType][] =>
  entitiesOf(view)
    .flatMap((name) => entities.get(name) ?? [])
    .map((entity) => [joinKeyOf(entity), entity.value.type]);

/** Tables that a team's own steps write, and whose columns are known. */
export const tablesOf = (graph: Graph): string[] =>
  [...graph.tables.values()]
    .filter(({ name, writes }) => writes.some(({ folder }) => folder !== null) && columnsOf(name, graph).size > 0)
    .map(({ name }) => name)
    .sort();

export const timesIn = (columns: Columns): string[] => namesOf(columns, (type) => type === 'timestamp');

const NUMBERS = new Set<ScalarType>(['int32', 'int64', 'float32', 'float64']);

export const isNumber = (type: ScalarType): boolean => NUMBERS.has(type);

/** Columns with numbers that mean something: a join key is a name, whatever its type. */
export function numbersIn(columns: Columns, { entities }: Graph): string[] {
  const keys = new Set([...entities.values()].map(joinKeyOf));
  return namesOf(columns, isNumber).filter((name) => !keys.has(name));
}

const namesOf = (columns: Columns, isWanted: (type: ScalarType) => boolean): string[] =>
  [...columns].filter(([, type]) => isWanted(type)).map(([name]) => name);
