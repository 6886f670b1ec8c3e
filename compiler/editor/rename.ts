import type { Edit, Place } from '../diagnostics/diagnostic.ts';
import { tableOf } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { isSame, type Name, occurrencesOf } from './symbols.ts';

/** Names whose every place is known, in specs and in code. */
const RENAMED = new Set<Name['kind']>(['feature', 'owner', 'connection', 'environment', 'step']);

export class RenameRefused extends Error {}

/**
 * Edits that give a name another spelling wherever it stands; refused in a sentence where that would break something.
 */
export function rename(name: Name, to: string, graph: Graph): Edit[] {
  refuseUnknown(name);
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(to))
    throw new RenameRefused(
      `'${to}' is not a name of lower-case letters, digits and underscores that starts with a letter.`,
    );
  const names = name.kind === 'feature' ? columnMates(name, graph) : [name];
  for (const each of names) {
    const [view = '', own = ''] = each.name.split('.');
    const taken =
      each.kind === 'feature'
        ? Object.hasOwn(graph.views.get(view)?.value.features ?? {}, to)
        : each.kind === 'step'
          ? Object.hasOwn(graph.pipelines.get(view)?.value.steps ?? {}, to)
          : graph.declared.length > 0 && isTaken(each, to, graph);
    if (taken && own !== to)
      throw new RenameRefused(
        `There is ${name.kind === 'environment' || name.kind === 'owner' ? 'an' : 'a'} ${name.kind} '${to}' already.`,
      );
  }
  const places = names.flatMap((each) => occurrencesOf(each, graph));
  const columns = names.flatMap((each) => (each.kind === 'feature' ? statedColumns(each, graph) : []));
  const all = [...places.map(({ at }) => at), ...columns];
  const edits = new Map(all.map((at) => [`${at.file}:${at.line}:${at.column}`, { at, from: null, to }]));
  return [...edits.values()];
}

export function refuseUnknown({ kind }: Name): void {
  if (!RENAMED.has(kind))
    throw new RenameRefused(
      `A ${kind} cannot be renamed from the editor: its name is also that of ${kind === 'table' ? 'parameters and stored data' : kind === 'function' ? 'Python code that others may call' : 'a file or folder, and of what the tools have stored'}.`,
    );
}

function isTaken({ kind }: Name, to: string, { platform }: Graph): boolean {
  const { owners, connections, environments } = platform.value;
  return Object.hasOwn((kind === 'owner' ? owners : kind === 'connection' ? connections : environments) ?? {}, to);
}

/** A feature is a column, which another view of the same table may have as a feature, too. */
function columnMates(name: Name, graph: Graph): Name[] {
  const [view = '', feature = ''] = name.name.split('.');
  const declared = graph.views.get(view);
  if (!declared) return [name];
  const mates = [...graph.views.values()]
    .filter((each) => tableOf(each) === tableOf(declared) && Object.hasOwn(each.value.features, feature))
    .map((each): Name => ({ kind: 'feature', name: `${each.name}.${feature}` }));
  return [name, ...mates.filter((each) => !isSame(each, name))];
}

/** Other places that state the column: where the writer declares it, and labels. */
function statedColumns(name: Name, graph: Graph): Place[] {
  const [view = '', feature = ''] = name.name.split('.');
  const declared = graph.views.get(view);
  const table = declared && graph.tables.get(tableOf(declared));
  const needs = (table?.needs ?? []).filter(({ column, stated }) => stated && column === feature);
  const asked = needs.find(({ at }) => at.path.startsWith('request/'));
  if (asked)
    throw new RenameRefused(
      `Callers of ${asked.reader} give '${feature}' with each request, and would have to change: rename it by hand.`,
    );
  const writes = (table?.writes ?? []).flatMap(({ columns, columnAt }) =>
    columns && Object.hasOwn(columns, feature) && columnAt ? [columnAt(feature)] : [],
  );
  return [...needs.map(({ at }) => at), ...writes];
}
