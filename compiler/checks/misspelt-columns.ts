import { defineCodes } from '../diagnostics/codes.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import { nearest, respelt } from '../diagnostics/nearest.ts';
import { codeBelow, type Graph } from '../link/graph.ts';
import type { TableUse, TableWrite } from '../link/tables.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  FEA017: {
    severity: 'error',
    title: "A column is spelt differently in the spec and in the step's code",
    why: 'The step would publish a table without the column, and fail at run time.',
    example: 'mean_dealy in the view, mean_delay in derive.py',
    fix: 'Spell it the same in both places.',
  },
});

export interface MisspeltColumn {
  column: string;
  /** As the code of the writing step has it. */
  spelling: string;
  table: TableUse;
  reader: string;
  at: Place;
}

/**
 * A column that a spec names and the writing step's code never mentions, while it mentions
 * one that differs by a typo. Code that builds its names says nothing about them, and is left alone.
 */
export const misspelt: Check = {
  codes,
  run: (graph) =>
    misspeltColumns(graph).map(({ column, spelling, table, at }) =>
      finding(
        'FEA017',
        at,
        `Column '${column}' of table ${table.name} is spelt '${spelling}' in the code of the step that writes it.`,
        {
          ...respelt(column, spelling),
          related: table.writes.slice(0, 1).map((write) => ({ message: 'the table is written here', at: write.at })),
        },
      ),
    ),
};

const cache = new WeakMap<Graph, MisspeltColumn[]>();

export function misspeltColumns(graph: Graph): MisspeltColumn[] {
  const known = cache.get(graph) ?? find(graph);
  cache.set(graph, known);
  return known;
}

const meant = new WeakMap<Graph, ReadonlySet<string>>();

/** Whether a reader misspells a column that the code spells like this. */
export function isMeant(graph: Graph, reader: string, spelling: string): boolean {
  const known = meant.get(graph) ?? new Set(misspeltColumns(graph).map((each) => `${each.reader} ${each.spelling}`));
  meant.set(graph, known);
  return known.has(`${reader} ${spelling}`);
}

interface Stated {
  column: string;
  reader: string;
  at: Place;
}

/** What the writer declares, or else what readers state. */
function statedColumns(table: TableUse, write: TableWrite): Stated[] {
  if (write.columns)
    return Object.keys(write.columns).map((column) => ({
      column,
      reader: `step ${write.pipeline}.${write.step}`,
      at: write.columnAt?.(column) ?? write.at,
    }));
  return table.needs.filter(({ stated }) => stated);
}

function find(graph: Graph): MisspeltColumn[] {
  const wordsOf = wordReader(graph);
  return [...graph.tables.values()].flatMap((table) => {
    const [writer] = table.writes;
    if (!writer?.folder) return [];
    const words = wordsOf(writer.folder);
    const columns = new Map(statedColumns(table, writer).map((each) => [each.column, each]));
    return [...columns.values()].flatMap((each) => {
      const spelling = words.has(each.column) ? null : slip(each.column, words);
      return spelling !== null && !columns.has(spelling) ? [{ ...each, table, spelling }] : [];
    });
  });
}

/** `departures_7d` and `departures_3h` are two windows of one thing, not one name spelt twice. */
const stem = (name: string): string => name.replace(/\d+[a-z]?/g, '');

/** A word at most one typo away (two in a long name), and not just another number or a piece of a built name. */
function slip(column: string, words: ReadonlySet<string>): string | null {
  const near = column.length < 4 ? null : nearest(column, words);
  if (near === null || stem(near) === stem(column)) return null;
  if (column.startsWith(near) || Math.abs(near.length - column.length) > 1) return null;
  return near;
}

/** Words of all Python files below a folder. */
function wordReader(graph: Graph): (folder: string) => ReadonlySet<string> {
  const words = new Map<string, Set<string>>();
  return (folder) => {
    const known =
      words.get(folder) ?? new Set(codeBelow(graph, folder).flatMap((path) => [...(graph.module(path)?.words ?? [])]));
    words.set(folder, known);
    return known;
  };
}
