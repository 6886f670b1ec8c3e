import type { Graph } from '../link/graph.ts';
import { columnsOf } from './known.ts';
import { folderOf, lines, said, schemaLine } from './text.ts';
import type { Proposal, Wanted } from './wanted.ts';

const TYPES = new Set(['string', 'int32', 'int64']);

/** A key that a table has is of the type that it has there. */
export function entity(wanted: Wanted, graph: Graph): Proposal {
  const { name, fromTable } = wanted;
  const found = fromTable === null ? undefined : columnsOf(fromTable, graph).get(name);
  const type = wanted.type ?? (found !== undefined && TYPES.has(found) ? found : 'string');
  const path = `${folderOf('features', wanted)}/entities/${name}.yaml`;
  const text = lines(
    schemaLine(path, 'features', graph),
    'kind: Entity',
    `type: ${type}`,
    `description: One ${said(name)}, by its key.`,
  );
  return { candidates: [new Map([[path, text]])] };
}
