import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { nearest, respelt, spelling } from '../diagnostics/nearest.ts';
import type { Graph } from '../link/graph.ts';
import type { TableRead, TableUse } from '../link/tables.ts';
import type { Check } from './check.ts';

export const { codes, finding } = defineCodes({
  FEA016: {
    severity: 'error',
    title: "A view's table is written by no step, or by two",
    why: 'There is no data, or two steps overwrite each other.',
    example: 'batch: {table: carrier_delay} while the step writes carrier_delays',
    fix: 'Correct the name, or add the step that writes it.',
  },
  MOD001: {
    severity: 'error',
    title: 'Unknown table or column',
    why: 'What needs it would fail: a step when it runs, a model when it is trained.',
    example: 'label: {column: dep_dealy}',
    fix: 'Correct the name.',
  },
  PIP001: {
    severity: 'error',
    title: 'A step reads a table that no step writes',
    why: 'The step could never run.',
    example: 'reads: [flihgts]',
    fix: 'Correct the name, or add the step that writes it.',
  },
  PIP002: {
    severity: 'warning',
    title: 'A step writes a table that nothing reads',
    why: 'The work is wasted.',
    example: 'writes: [scratch]',
    fix: 'Remove it, or use it.',
  },
});

/** Every table that is read is written by one step, and every table that is written is read. */
export const tables: Check = {
  codes,
  run(graph) {
    const all = [...graph.tables.values()];
    const written = all.filter(({ writes }) => writes.length > 0);
    const unread = written.filter((table) => table.reads.length === 0 && !isPrediction(table));
    const twice = all.filter(({ writes }) => writes.length > 1);
    const unwritten = all
      .filter((table) => table.writes.length === 0 && table.reads.length > 0 && !mayBeWritten(table, graph))
      // Whoever writes another's table leaves the own one unwritten: that is one mistake.
      .slice(twice.length);
    const writtenNames = new Map(written.map((table) => [table.name, table]));
    const unreadNames = new Map(unread.map((table) => [table.name, table]));
    const misspelt = new Map<TableUse, TableUse>();
    for (const table of unwritten) {
      const twin = unreadNames.get(nearest(table.name, unreadNames) ?? '');
      if (twin && isRight(table)) misspelt.set(twin, table);
    }
    const explained = new Set(misspelt.values());
    const suggested = new Set(unwritten.map(({ name }) => nearest(name, writtenNames)));
    const complete = graph.brokenKinds.size === 0;
    return [
      ...[...misspelt].map(([twin, meant]) => misspeltAtWriter(twin, meant)),
      ...unwritten.filter((table) => !explained.has(table)).map((table) => neverWritten(table, writtenNames)),
      ...twice.map(writtenTwice),
      ...unread.filter((table) => complete && !misspelt.has(table) && !suggested.has(table.name)).map(neverRead),
    ];
  },
};

/** By a spec that failed an earlier stage. */
const mayBeWritten = ({ name }: TableUse, { brokenKinds, broken, unnamed }: Graph): boolean =>
  brokenKinds.has('Pipeline') || broken.has(name) || unnamed.has('table');

const isPrediction = (table: TableUse): boolean => table.writes.every(({ folder }) => folder === null);

/** A name that follows from another, or on which several places agree, is not the one with the typo. */
const isRight = (table: TableUse): boolean => table.reads.some(({ implied }) => implied) || table.reads.length > 1;

/** The schema gives some fields a code of their own. */
const codeOf = ({ unwritten }: TableRead): keyof typeof codes =>
  unwritten !== null && Object.hasOwn(codes, unwritten) ? (unwritten as keyof typeof codes) : 'PIP001';

const others = (reads: readonly TableRead[]): { message: string; at: Place }[] =>
  reads.map(({ reader, at }) => ({ message: `${reader} reads it here`, at }));

function misspeltAtWriter(twin: TableUse, meant: TableUse): Finding {
  const [write] = twin.writes;
  return finding(
    codeOf(meant.reads[0] as TableRead),
    write?.at as Place,
    `Nothing reads table '${twin.name}', and no step writes table '${meant.name}', which is read.`,
    {
      ...respelt(twin.name, meant.name),
      related: others(meant.reads.slice(0, 3)),
    },
  );
}

function neverWritten(table: TableUse, written: ReadonlyMap<string, TableUse>): Finding {
  const [first, ...rest] = [...table.reads].sort((a, b) => Number(a.implied) - Number(b.implied)) as [
    TableRead,
    ...TableRead[],
  ];
  const { help, fix } = spelling(table.name, written, 'add a step that writes it, or correct the name');
  // A table that nothing else reads may just as well be the one with the typo.
  const isSure = (written.get(nearest(table.name, written) ?? '')?.reads.length ?? 0) > 0;
  return finding(codeOf(first), first.at, `Table '${table.name}' is read by ${first.reader}, but no step writes it.`, {
    help,
    fix: fix ? { ...fix, safe: fix.safe && isSure } : null,
    related: others(rest.slice(0, 3)),
  });
}

function writtenTwice(table: TableUse): Finding {
  const [first, second] = table.writes as [TableUse['writes'][number], TableUse['writes'][number]];
  return finding(
    'FEA016',
    second.at,
    `Table '${table.name}' is written by two steps: ` +
      `${first.pipeline}.${first.step} and ${second.pipeline}.${second.step}.`,
    {
      help: 'let only one step write it, or rename one of the tables',
      related: [{ message: 'the other step writes it here', at: first.at }],
    },
  );
}

const neverRead = (table: TableUse): Finding =>
  finding('PIP002', table.writes[0]?.at as Place, `Nothing reads table '${table.name}'.`);
