/** A pipeline that brings rows of its own: made up, until a team reads its source there. */
import type { ScalarType } from '../ir/types.ts';
import type { Graph } from '../link/graph.ts';
import { flowMap, freeName, lines, said, schemaLine, yaml } from './text.ts';

export interface Source {
  /** Of the pipeline, and of the table that it writes. */
  name: string;
  folder: string;
  key: string;
  keyType: ScalarType;
  cron: string;
  /** A view states the columns of its table itself. */
  ofView: boolean;
}

export interface SourceColumns {
  timestamp: string;
  created: string;
  value: string;
}

export function columnsOfSource({ key }: Pick<Source, 'key'>): SourceColumns {
  return {
    timestamp: freeName([key], 'observed_at', 'seen_at'),
    created: freeName([key], 'ingested_at', 'loaded_at'),
    value: freeName([key], 'value', 'amount'),
  };
}

export function sourceFiles(source: Source, graph: Graph): [string, string][] {
  const path = `${source.folder}/pipeline.yaml`;
  return [
    [path, spec(source, schemaLine(path, 'pipeline', graph))],
    [`${source.folder}/steps.py`, code(source)],
    [`${source.folder}/test_steps.py`, tests(source)],
  ];
}

function spec(source: Source, schema: string): string {
  const { name, key, keyType, cron, ofView } = source;
  const { timestamp, value } = columnsOfSource(source);
  const columns = flowMap(
    [
      [key, keyType],
      [timestamp, 'timestamp'],
      [value, 'float64'],
    ],
    '        ',
  );
  return lines(
    schema,
    'kind: Pipeline',
    `description: Brings ${said(name)}.`,
    `schedule: {cron: "${cron}"}`,
    'steps:',
    '  load:',
    '    run: steps.py:load',
    ...(ofView ? [`    writes: [${yaml(name)}]`] : ['    writes:', `      ${yaml(name)}: ${columns}`]),
  );
}

function code(source: Source): string {
  const { name, key, keyType, ofView } = source;
  const { timestamp, created, value } = columnsOfSource(source);
  const keys = keyType === 'string' ? `("${key}_a", "${key}_b", "${key}_c")` : '(1, 2, 3)';
  const widened = ofView
    ? [`    return rows.assign(${value}=${value}, ${created}=rows["${timestamp}"])`]
    : [`    return rows.assign(${value}=${value})`];
  return lines(
    `"""Brings ${said(name)}."""`,
    '',
    'from __future__ import annotations',
    '',
    'from typing import TYPE_CHECKING',
    '',
    'import pandas as pd',
    '',
    'if TYPE_CHECKING:',
    '    from mlops_runtime.context import StepContext',
    '',
    `KEYS = ${keys}`,
    'HOURS = 30 * 24',
    '',
    '',
    'def load(context: StepContext) -> pd.DataFrame:',
    '    """One row per key and hour. They are made up: read your source here instead."""',
    '    last = pd.Timestamp(context.now()).floor("h")',
    '    hours = pd.date_range(end=last, periods=HOURS, freq="h")',
    `    rows = pd.DataFrame([(key, hour) for hour in hours for key in KEYS], columns=["${key}", "${timestamp}"])`,
    ...(keyType === 'int32' ? [`    rows = rows.astype({"${key}": "int32"})`] : []),
    // Keys differ by more than hours do, so that a first model of them beats the mean.
    `    ${value} = 10 * rows["${key}"].map(KEYS.index) + rows["${timestamp}"].dt.hour + rows.index % 7 / 7`,
    ...widened,
  );
}

function tests(source: Source): string {
  const { name, key } = source;
  const { timestamp } = columnsOfSource(source);
  return lines(
    `"""What the pipeline ${name} publishes."""`,
    '',
    'from __future__ import annotations',
    '',
    '',
    'def test_each_row_has_a_key_and_a_time_that_has_come(run_step, tables, clock) -> None:',
    `    run_step("${name}", "load")`,
    `    rows = tables["${name}"]`,
    '    assert len(rows) > 0',
    `    assert rows["${key}"].notna().all()`,
    `    assert (rows["${timestamp}"] <= clock.now).all()`,
  );
}
