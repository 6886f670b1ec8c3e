import { joinKeyOf } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { type Columns, columnsOf } from './known.ts';
import { sourceFiles } from './source.ts';
import { flowMap, folderOf, freeName, lines, said, scheduleLine, schemaLine, yaml } from './text.ts';
import type { Files, Proposal, Wanted } from './wanted.ts';

export const HOURLY = '5 * * * *';

/** Brings rows of an entity, or makes a table out of another one. */
export function pipeline(wanted: Wanted, graph: Graph): Proposal {
  const folder = `${folderOf('pipelines', wanted)}/${wanted.name}`;
  const files =
    wanted.fromTable === null
      ? sourceFiles(
          { ...keyOf(wanted, graph), name: wanted.name, folder, cron: wanted.cron ?? HOURLY, ofView: false },
          graph,
        )
      : cleaningFiles(wanted.name, wanted.fromTable, folder, wanted.cron, graph);
  return { candidates: withSettings(new Map(files), `${folder}/pipeline.yaml`, wanted, graph) };
}

function keyOf({ entity }: Wanted, graph: Graph) {
  const found = entity === null ? undefined : graph.entities.get(entity);
  return found ? { key: joinKeyOf(found), keyType: found.value.type } : { key: 'id', keyType: 'string' as const };
}

/** As it is, and with the settings that all pipelines beside it state, which a new one should not lack. */
export function withSettings(files: Files, path: string, { cron }: Wanted, graph: Graph): Files[] {
  const beside = path.split('/').slice(0, -2).join('/');
  const siblings = [...graph.pipelines.values()].filter(
    ({ spec }) => spec.folder.split('/').slice(0, -1).join('/') === beside,
  );
  const catchup = siblings[0]?.value.catchup;
  const start = siblings[0]?.value.start;
  const tags = siblings[0]?.value.tags;
  const stated = [
    catchup === undefined ? null : `catchup: ${catchup}`,
    start === undefined ? null : `start: ${start}`,
    tags === undefined ? null : `tags: [${tags.map(yaml).join(', ')}]`,
  ].filter((line) => line !== null);
  const with_ = (more: readonly string[], schedule: boolean): Files =>
    new Map(
      [...files].map(([at, text]) => {
        if (at !== path) return [at, text];
        const kept = schedule ? text : text.replace(/^schedule: .*\n/m, '');
        return [at, kept.replace(/^steps:$/m, [...more, 'steps:'].join('\n'))];
      }),
    );
  const subsets = stated.length === 0 ? [[]] : [[], stated, ...stated.map((line) => [line])];
  const unscheduled = cron === null ? subsets.map((more) => with_(more, false)) : [];
  return [...subsets.map((more) => with_(more, true)), ...unscheduled];
}

function cleaningFiles(
  name: string,
  table: string,
  folder: string,
  cron: string | null,
  graph: Graph,
): [string, string][] {
  const columns = columnsOf(table, graph);
  const path = `${folder}/pipeline.yaml`;
  return [
    [path, cleaningSpec(name, table, columns, cron, schemaLine(path, 'pipeline', graph))],
    [`${folder}/steps.py`, cleaningCode(name, table)],
    [`${folder}/test_steps.py`, cleaningTests(name, table)],
  ];
}

const cleaningSpec = (name: string, table: string, columns: Columns, cron: string | null, schema: string): string =>
  lines(
    schema,
    'kind: Pipeline',
    `description: Makes ${said(name)} of ${said(table)}.`,
    scheduleLine(cron, table),
    'steps:',
    '  clean:',
    '    run: steps.py:clean',
    `    reads: [${yaml(table)}]`,
    '    writes:',
    `      ${yaml(name)}: ${flowMap([...columns], '        ')}`,
  );

const cleaningCode = (name: string, table: string): string =>
  lines(
    `"""Makes ${said(name)} of ${said(table)}."""`,
    '',
    'from __future__ import annotations',
    '',
    'import pandas as pd',
    '',
    '',
    `def clean(${table}: pd.DataFrame) -> pd.DataFrame:`,
    '    """Each row once. Leave out, mend or compute here what the next steps need."""',
    `    return ${table}.drop_duplicates(ignore_index=True)`,
  );

function cleaningTests(name: string, table: string): string {
  const rows = freeName([table], 'rows', 'given');
  return lines(
    `"""What the pipeline ${name} makes of its table."""`,
    '',
    'from __future__ import annotations',
    '',
    'import pandas as pd',
    '',
    '',
    'def test_a_row_that_comes_twice_is_kept_once(team_module, tables) -> None:',
    `    ${rows} = tables.sample("${table}", 50)`,
    `    twice = pd.concat([${rows}, ${rows}])`,
    `    tables["${name}"] = team_module("steps.py").clean(twice)`,
    `    assert len(tables["${name}"]) == len(${rows}.drop_duplicates())`,
  );
}
