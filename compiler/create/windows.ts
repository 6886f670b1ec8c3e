/** A pipeline that computes a view's features from the rows of a table: count and means of the day before. */
import type { Graph } from '../link/graph.ts';
import { freeName, lines, said, scheduleLine, schemaLine, yaml } from './text.ts';

export interface Derived {
  name: string;
  table: string;
  key: string;
  timestamp: string;
  created: string;
  numbers: readonly string[];
  /** Default: whenever the table was published. */
  cron: string | null;
}

export const featureOf = (column: string): string => `mean_${column}_24h`;

export function derivedFiles(derived: Derived, folder: string, graph: Graph): [string, string][] {
  const path = `${folder}/pipeline.yaml`;
  return [
    [path, spec(derived, schemaLine(path, 'pipeline', graph))],
    [`${folder}/steps.py`, code(derived)],
    [`${folder}/test_steps.py`, tests(derived)],
  ];
}

const spec = ({ name, table, cron }: Derived, schema: string): string =>
  lines(
    schema,
    'kind: Pipeline',
    `description: Computes ${said(name)} from ${said(table)}.`,
    scheduleLine(cron, table),
    'steps:',
    '  compute:',
    '    run: steps.py:compute',
    `    reads: [${yaml(table)}]`,
    `    writes: [${yaml(name)}]`,
  );

function code({ name, table, key, timestamp, created, numbers }: Derived): string {
  const rows = freeName([table], 'rows', 'known');
  return lines(
    `"""Features of ${said(name)}, computed from ${said(table)}."""`,
    '',
    'from __future__ import annotations',
    '',
    'import pandas as pd',
    '',
    `KEY, TIME = "${key}", "${timestamp}"`,
    ...(numbers.length === 0
      ? ['NUMBERS: list[str] = []']
      : ['NUMBERS = [', ...numbers.map((each) => `    "${each}",`), ']']),
    '',
    '',
    `def compute(${table}: pd.DataFrame) -> pd.DataFrame:`,
    '    """One row per key and time: the 24 hours up to then, and nothing later."""',
    `    ${rows} = ${table}.dropna(subset=[KEY, TIME])[[KEY, TIME, *NUMBERS]]`,
    `    ${rows} = ${rows}.astype({name: "float64" for name in NUMBERS}).assign(_row=1.0).sort_values(TIME)`,
    `    day = ${rows}.set_index(TIME).groupby(KEY)[["_row", *NUMBERS]].rolling("24h", min_periods=1)`,
    '    features = day.mean().drop(columns="_row").add_prefix("mean_").add_suffix("_24h")',
    '    features.insert(0, "rows_24h", day["_row"].sum().round().astype("int64"))',
    '    # Of several rows of one moment, the last has seen them all.',
    '    features = features.groupby(level=[0, 1]).tail(1).reset_index()',
    `    return features.assign(${created}=features[TIME])`,
  );
}

function tests({ name, table }: Derived): string {
  const given = freeName([table], 'given', 'rows');
  return lines(
    `"""What the features of ${name} know, and when."""`,
    '',
    'from __future__ import annotations',
    '',
    'import pandas as pd',
    '',
    '',
    'def test_a_row_knows_nothing_of_what_comes_later(team_module, tables) -> None:',
    '    steps = team_module("steps.py")',
    `    ${given} = tables.sample("${table}", 60).sort_values(steps.TIME)`,
    `    end = ${given}[steps.TIME].iloc[40]`,
    `    early = steps.compute(${given}[${given}[steps.TIME] <= end])`,
    `    whole = steps.compute(${given})`,
    '    known = whole[whole[steps.TIME] <= end].reset_index(drop=True)',
    '    pd.testing.assert_frame_equal(known, early.reset_index(drop=True))',
    '',
    '',
    'def test_its_columns_are_those_of_the_spec(team_module, tables) -> None:',
    `    tables["${name}"] = team_module("steps.py").compute(tables.sample("${table}", 60))`,
    `    assert (tables["${name}"]["rows_24h"] >= 1).all()`,
  );
}
