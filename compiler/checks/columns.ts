import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { nearest, respelt, spelling } from '../diagnostics/nearest.ts';
import { type Declared, viewsByTable } from '../link/declared.ts';
import type { ColumnNeed, TableUse, TableWrite } from '../link/tables.ts';
import type { Check } from './check.ts';
import { misspeltColumns } from './misspelt-columns.ts';
import { codes as tableCodes } from './tables.ts';

const { codes, finding } = defineCodes(
  {
    FEA003: {
      severity: 'error',
      title: 'A column is written with one type and used with another',
      why: 'Lookups with a key of a different type silently find nothing.',
      example: 'An entity of type int64 over a table whose column is a string',
      fix: 'Use the same type in both places.',
    },
  },
  { MOD001: tableCodes.MOD001 },
);

/** Columns that readers need are declared by the writer, with the same type. */
export const columns: Check = {
  codes,
  run(graph) {
    // Where the code has the reader's spelling, the declaration has the typo, and FEA017 reports it there.
    const respelt = new Set(
      misspeltColumns(graph).flatMap(({ table, spelling, proof }) =>
        proof === 'spec' ? [`${table.name} ${spelling}`] : [],
      ),
    );
    const readers = viewsByTable(graph.views.values());
    return [...graph.tables.values()].flatMap((table) => [
      ...againstDeclared(table, (column) => respelt.has(`${table.name} ${column}`)),
      ...amongReaders(table),
      ...beyondViews(table, readers.get(table.name) ?? []),
    ]);
  },
};

function againstDeclared(table: TableUse, isRespelt: (column: string) => boolean): Finding[] {
  // Of two writers nobody knows which is right, and that there are two is a finding of its own.
  const write = table.writes.length > 1 ? undefined : table.writes.find((each) => each.columns !== null);
  const columns = write?.columns;
  if (!write || !columns) return [];
  const missing = new Map<string, ColumnNeed[]>();
  const findings: Finding[] = [];
  for (const need of table.needs) {
    const type = Object.hasOwn(columns, need.column) ? columns[need.column] : undefined;
    if (type === undefined) missing.set(need.column, [...(missing.get(need.column) ?? []), need]);
    else if (need.type !== null && type !== need.type)
      findings.push(differs(table, need, type, write.columnAt?.(need.column) ?? write.at));
  }
  const absent = [...missing].filter(([column]) => !isRespelt(column));
  return [
    ...absent.map(([column, needs]) => missingColumn(table, column, needs, write, Object.keys(columns))),
    ...findings,
  ];
}

/** One finding per column: where it is declared if the declaration has the typo, else at its first reader. */
function missingColumn(
  table: TableUse,
  column: string,
  needs: ColumnNeed[],
  write: TableWrite,
  declared: string[],
): Finding {
  const [first] = needs as [ColumnNeed];
  const near = nearest(column, declared);
  if (near !== null && isMisdeclared(near, needs, table)) {
    const at = write.columnAt?.(near) ?? write.at;
    return finding(
      'MOD001',
      at,
      `Column '${near}' is declared here, but ${first.reader} needs '${column}', which is not declared.`,
      {
        ...respelt(near, column),
        related: needs.slice(0, 3).map((need) => ({ message: `${need.reader} needs it here`, at: need.at })),
      },
    );
  }
  const others = needs.filter(({ at }) => at.file !== first.at.file || at.line !== first.at.line);
  return finding('MOD001', first.at, `Table ${table.name} has no column '${column}', which ${first.reader} needs.`, {
    ...spelling(column, declared, `the columns are ${declared.join(', ')}`),
    related: [
      { message: 'the columns are declared here', at: write.at },
      ...others.map((need) => ({ message: `${need.reader} needs it, too`, at: need.at })),
    ],
  });
}

/** Several readers, or a derived name, outweigh one declaration that nobody reads: the typo is in the declaration. */
function isMisdeclared(near: string, needs: readonly ColumnNeed[], table: TableUse): boolean {
  if (table.needs.some(({ column }) => column === near)) return false;
  const places = new Set(needs.map(({ at }) => `${at.file}:${at.line}:${at.column}`));
  return places.size > 1 || needs.some(({ stated }) => !stated);
}

function differs(table: TableUse, need: ColumnNeed, type: string, at: Finding['at']): Finding {
  return finding(
    'FEA003',
    need.typeAt,
    `${capital(need.reader)} needs column '${need.column}' of table ${table.name} as ${need.type}, ` +
      `but it is declared as ${type}.`,
    {
      help: 'use the same type in both places',
      related: [{ message: 'the column is declared here', at }],
    },
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * A table whose writer states no columns has those of the views that read it: what a model needs beside them, nobody
 * has promised to write.
 */
function beyondViews(table: TableUse, views: readonly Declared<'FeatureView'>[]): Finding[] {
  if (table.writes.length !== 1 || table.writes[0]?.columns || views.length === 0) return [];
  const files = new Set(views.map(({ spec }) => spec.path));
  const columns = table.needs.filter(({ file }) => files.has(file)).map(({ column }) => column);
  const others = table.needs.filter(({ file, column }) => !files.has(file) && !columns.includes(column));
  return [...new Set(others.map(({ file }) => file))].map((file) => {
    const needs = [...new Map(others.filter((each) => each.file === file).map((each) => [each.column, each])).values()];
    return lacking(table, needs as [ColumnNeed, ...ColumnNeed[]], [...new Set(columns)], views[0]?.name ?? '');
  });
}

/** One column is shown where it is named; several are the table's fault, and are shown where that is. */
function lacking(table: TableUse, needs: [ColumnNeed, ...ColumnNeed[]], columns: string[], view: string): Finding {
  const [{ at, file, reader, column }, ...more] = needs;
  const read = table.reads.find((each) => each.at.file === file && !each.implied);
  const names = needs.map((each) => `'${each.column}'`).join(', ');
  const help =
    `its columns are those of feature view ${view}: ${columns.join(', ')}; ` +
    'if there are more, state all of them where the table is written';
  return finding(
    'MOD001',
    more.length === 0 ? at : (read?.at ?? at),
    `Table ${table.name} has no ${more.length === 0 ? 'column' : 'columns'} ${names}, which ${reader} needs.`,
    {
      ...(more.length === 0 ? spelling(column, columns, help) : { help }),
      related: [{ message: 'the table is written here', at: table.writes[0]?.at as Finding['at'] }],
    },
  );
}

/** Without a declaration, all readers must at least agree with each other. */
function amongReaders(table: TableUse): Finding[] {
  if (table.writes.some(({ columns: declared }) => declared)) return [];
  const first = new Map<string, ColumnNeed>();
  return table.needs.flatMap((need) => {
    const other = first.get(need.column);
    if (!other) first.set(need.column, need);
    if (!other || need.type === null || other.type === null || other.type === need.type) return [];
    return [
      finding(
        'FEA003',
        need.typeAt,
        `${capital(need.reader)} needs column '${need.column}' of table ${table.name} as ${need.type}, ` +
          `but ${other.reader} needs it as ${other.type}.`,
        {
          help: 'use the same type in both places',
          related: [{ message: `${other.reader} declares its type here`, at: other.typeAt }],
        },
      ),
    ];
  });
}
