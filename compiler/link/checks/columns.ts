import { type Finding, finding } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import type { Check } from '../check.ts';
import type { ColumnNeed, TableUse, TableWrite } from '../tables.ts';
import { misspeltColumns } from './misspelt-columns.ts';

/** MOD001, FEA003: columns that readers need are declared by the writer, with the same type. */
export const columns: Check = {
  codes: ['MOD001', 'FEA003'],
  run(graph) {
    // Where the code has the reader's spelling, the declaration has the typo, and FEA017 reports it there.
    const respelt = new Set(misspeltColumns(graph).map(({ table, spelling }) => `${table.name} ${spelling}`));
    return [...graph.tables.values()].flatMap((table) => [
      ...againstDeclared(table, (column) => respelt.has(`${table.name} ${column}`)),
      ...amongReaders(table),
    ]);
  },
};

function againstDeclared(table: TableUse, isRespelt: (column: string) => boolean): Finding[] {
  const write = table.writes.find((each) => each.columns !== null);
  if (!write?.columns) return [];
  const missing = new Map<string, Finding>();
  const findings: Finding[] = [];
  for (const need of table.needs) {
    const type = Object.hasOwn(write.columns, need.column) ? write.columns[need.column] : undefined;
    if (type === undefined && isRespelt(need.column)) continue;
    if (type === undefined) {
      const known = missing.get(need.column);
      if (known)
        known.related.push(
          ...(known.at.file === need.at.file && known.at.line === need.at.line
            ? []
            : [{ message: `${need.reader} needs it too`, at: need.at }]),
        );
      else missing.set(need.column, unknownColumn(table, need, write));
    } else if (need.type !== null && type !== need.type) {
      findings.push(differs(table, need, type, write.columnAt?.(need.column) ?? write.at));
    }
  }
  return [...[...missing.values()].map((each) => atWriterIfMisspelt(each, table, write)), ...findings];
}

function unknownColumn(table: TableUse, need: ColumnNeed, write: TableWrite): Finding {
  return finding('MOD001', need.at, `Table ${table.name} has no column '${need.column}', which ${need.reader} needs.`, {
    help: didYouMean(need.column, Object.keys(write.columns ?? {})) ?? `the columns are ${Object.keys(write.columns ?? {}).join(', ')}`,
    related: [{ message: 'the columns are declared here', at: write.at }],
  });
}

/** Several readers, or a derived name, against one declaration: then the declaration has the typo. */
function atWriterIfMisspelt(found: Finding, table: TableUse, write: TableWrite): Finding {
  const column = /'([^']+)'/.exec(found.message)?.[1] ?? '';
  const readers = table.needs.filter((need) => need.column === column);
  const near = /^did you mean '(.+)'\?$/.exec(found.help ?? '')?.[1];
  if (near === undefined || table.needs.some((need) => need.column === near)) return found;
  const places = new Set(readers.map(({ at }) => `${at.file}:${at.line}:${at.column}`));
  if (places.size < 2 && readers.every(({ stated }) => stated)) return found;
  return finding(
    'MOD001',
    write.columnAt?.(near) ?? write.at,
    `Column '${near}' is declared here, while ${readers.map(({ reader }) => reader).at(0)} needs '${column}', which is not.`,
    {
      help: `did you mean '${column}'?`,
      related: readers.slice(0, 3).map(({ reader, at }) => ({ message: `${reader} needs it here`, at })),
    },
  );
}

function differs(table: TableUse, need: ColumnNeed, type: string, at: Finding['at']): Finding {
  return finding(
    'FEA003',
    need.typeAt,
    `${capital(need.reader)} needs column '${need.column}' of table ${table.name} as ${need.type}, and it is declared as ${type}.`,
    {
      help: 'make the two types equal',
      related: [{ message: 'the column is declared here', at }],
    },
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

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
        `${capital(need.reader)} needs column '${need.column}' of table ${table.name} as ${need.type}, while ${other.reader} needs it as ${other.type}.`,
        {
          help: 'make the two types equal',
          related: [{ message: `${other.reader} states its type here`, at: other.typeAt }],
        },
      ),
    ];
  });
}
