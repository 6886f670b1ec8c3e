import { defineCodes } from '../diagnostics/codes.ts';
import type { Place } from '../diagnostics/diagnostic.ts';
import { nearest, respelt } from '../diagnostics/nearest.ts';
import { resolveRun } from '../link/declared.ts';
import { codeBelow, type Graph } from '../link/graph.ts';
import { occurrencesIn } from '../link/occurrences.ts';
import type { TableUse, TableWrite } from '../link/tables.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  FEA017: {
    severity: 'warning',
    title: "A column is spelt differently in the spec and in the step's code",
    why: 'The step would publish a table without the column, and fail at run time.',
    example: 'mean_dealy in the view, mean_delay in derive.py',
    fix:
      'Spell it the same in both places. It is an error where another spec has the spelling of the code, or where ' +
      'the function returns a frame whose columns are all written out, without this one.',
  },
});

export interface MisspeltColumn {
  column: string;
  /** As the code of the writing step has it. */
  spelling: string;
  table: TableUse;
  reader: string;
  at: Place;
  proof: Proof | null;
}

/** `spec`: another spec has the spelling of the code. `code`: the step returns the one and not the other. */
type Proof = 'spec' | 'code';

/**
 * A column that a spec names and the writing step's code never mentions, while the code names a column that differs by
 * a typo. That is a likeness, not a proof: the code may hand on the column of a file that it reads. So it is a warning,
 * unless something else proves it; and it is mended unasked only where the specs contradict each other anyway.
 */
export const misspelt: Check = {
  codes,
  run: (graph) =>
    misspeltColumns(graph).map(({ column, spelling, table, at, proof }) =>
      finding(
        'FEA017',
        at,
        `Column '${column}' of table ${table.name} is spelt '${spelling}' in the code of the step that writes it.`,
        {
          ...respelt(column, spelling, proof === 'spec'),
          severity: proof ? 'error' : 'warning',
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

/** Whether a reader misspells a column that the code, and another spec, spell like this. */
export function isMeant(graph: Graph, reader: string, spelling: string): boolean {
  const known =
    meant.get(graph) ??
    new Set(
      misspeltColumns(graph)
        .filter(({ proof }) => proof === 'spec')
        .map((each) => `${each.reader} ${each.spelling}`),
    );
  meant.set(graph, known);
  return known.has(`${reader} ${spelling}`);
}

interface Stated {
  column: string;
  reader: string;
  at: Place;
  /** Whether another spec needs a column, or a feature, of this name here, and nothing states it. */
  isAskedFor: (name: string) => boolean;
}

/** What the writer declares, or else what readers state. */
function statedColumns(graph: Graph, table: TableUse, write: TableWrite): Stated[] {
  const { columns } = write;
  if (columns)
    return Object.keys(columns).map((column) => ({
      column,
      reader: `step ${write.pipeline}.${write.step}`,
      at: write.columnAt?.(column) ?? write.at,
      isAskedFor: (name) => table.needs.some((need) => need.column === name),
    }));
  return table.needs
    .filter(({ stated }) => stated)
    .map(({ column, reader, at }) => ({
      column,
      reader,
      at,
      isAskedFor: (name) => featuresAskedFor(graph).has(`${reader} ${name}`),
    }));
}

const asked = new WeakMap<Graph, ReadonlySet<string>>();

/** As `feature view clicks mean_stay`. */
function featuresAskedFor(graph: Graph): ReadonlySet<string> {
  const uses = () =>
    graph.declared
      .flatMap(occurrencesIn)
      .filter(({ kind, isDefinition, range }) => kind === 'feature' && !isDefinition && range !== null);
  const known = asked.get(graph) ?? new Set(uses().map(({ scope, bare }) => `feature view ${scope} ${bare}`));
  asked.set(graph, known);
  return known;
}

function find(graph: Graph): MisspeltColumn[] {
  const evidenceOf = evidenceReader(graph);
  const elsewhere = columnsOfAll(graph);
  return [...graph.tables.values()].flatMap((table) => {
    const [writer] = table.writes;
    const evidence = writer?.folder ? evidenceOf(writer.folder) : null;
    if (!writer || !evidence) return [];
    const returned = returnedBy(graph, writer);
    const columns = new Map(statedColumns(graph, table, writer).map((each) => [each.column, each]));
    return [...columns.values()].flatMap(({ isAskedFor, ...each }) => {
      const spelling = evidence.mentions(each.column) ? null : slip(each.column, evidence.named);
      if (spelling === null || columns.has(spelling)) return [];
      const proof = isAskedFor(spelling)
        ? 'spec'
        : returned?.has(spelling) && !returned.has(each.column)
          ? 'code'
          : null;
      // The plural of what the column holds explains itself, and so does the sibling that is another table's column.
      const isExplained =
        isPlural(each.column, spelling) || (elsewhere.has(spelling) && areVariants(each.column, spelling));
      return proof === null && isExplained ? [] : [{ ...each, table, spelling, proof }];
    });
  });
}

function columnsOfAll({ tables }: Graph): ReadonlySet<string> {
  return new Set(
    [...tables.values()].flatMap(({ needs, writes }) => [
      ...needs.map(({ column }) => column),
      ...writes.flatMap(({ columns }) => Object.keys(columns ?? {})),
    ]),
  );
}

/** Columns that the writing function returns, where it spells out all of them; of several tables, nothing is known. */
function returnedBy(graph: Graph, { pipeline, step }: TableWrite): ReadonlySet<string> | null {
  const declared = graph.pipelines.get(pipeline);
  const { run, writes } = declared?.value.steps[step] ?? {};
  if (!declared || run === undefined || Object.keys(writes ?? {}).length !== 1) return null;
  const { file, function: name } = resolveRun(declared.spec, run);
  return graph.module(file)?.functions.get(name)?.columns ?? null;
}

const NUMBER = /(\d+)(s|m|min|h|d|w|mo|y)?(?![a-z0-9])/g;

/** `departures_7d` and `departures_3h` are two windows of one thing, not one name spelt twice; `departures_7` is. */
function areWindows(a: string, b: string): boolean {
  const [numbers, others] = [a, b].map((name) => [...name.matchAll(NUMBER)]) as [RegExpExecArray[], RegExpExecArray[]];
  if (a.replace(NUMBER, '') !== b.replace(NUMBER, '')) return false;
  return numbers.some(([, number, unit], index) => {
    const [, other, otherUnit] = others[index] ?? [];
    return number !== other || (unit !== undefined && otherUnit !== undefined);
  });
}

const isPlural = (a: string, b: string): boolean => `${a}s` === b || `${b}s` === a || `${a}es` === b || `${b}es` === a;

/** `rate_in` and `rate_out`: of names that differ in a short word, each may well be meant. */
function areVariants(a: string, b: string): boolean {
  const [words, others] = [a.split('_'), b.split('_')];
  return words.every((word, index) => word === others[index] || Math.max(word.length, others[index]?.length ?? 9) <= 3);
}

/** As specs write columns; no other spelling could be what the spec means. */
const COLUMN = /^[a-z][a-z0-9_]{0,62}$/;

/** A name at most one typo away (two in a long one), and not just another number. */
function slip(column: string, named: ReadonlySet<string>): string | null {
  const near = column.length < 4 ? null : nearest(column, named);
  if (near === null || areWindows(column, near) || !COLUMN.test(near)) return null;
  return Math.abs(near.length - column.length) > 1 ? null : near;
}

interface Evidence {
  /** Names in the position of a column. */
  named: ReadonlySet<string>;
  /** Whether the code has the word, in whatever position, or builds names that it may be one of. */
  mentions: (column: string) => boolean;
}

/** From all Python files below a folder; tests may name what is wrong on purpose. Null where not all can be read. */
function evidenceReader(graph: Graph): (folder: string) => Evidence | null {
  const known = new Map<string, Evidence | null>();
  return (folder) => {
    const found = known.get(folder);
    if (found !== undefined) return found;
    const evidence = evidenceBelow(graph, folder);
    known.set(folder, evidence);
    return evidence;
  };
}

function evidenceBelow(graph: Graph, folder: string): Evidence | null {
  if ([...graph.unreadCode.keys()].some((path) => path.startsWith(`${folder}/`))) return null;
  if (codeBelow(graph, folder).some((path) => graph.faultOf(path) !== null)) return null;
  const modules = codeBelow(graph, folder).flatMap((path) => {
    const module = graph.module(path);
    return module ? [{ module, isTest: /(^|\/)(test_[^/]*|[^/]*_test|conftest)\.py$/.test(path) }] : [];
  });
  const words = modules.map(({ module }) => module.words);
  const built = modules.flatMap(({ module }) => module.columns.built);
  return {
    named: new Set(modules.flatMap(({ module, isTest }) => (isTest ? [] : [...module.columns.named.keys()]))),
    mentions: (column) => words.some((each) => each.has(column)) || built.some((pattern) => pattern.test(column)),
  };
}
