import { joinKeyOf } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { columnsOf, numbersIn, tablesOf, timesIn } from './known.ts';
import { HOURLY, withSettings } from './pipeline.ts';
import { columnsOfSource, sourceFiles } from './source.ts';
import { flowMap, folderOf, freeName, lines, said, schemaLine, yaml } from './text.ts';
import type { Files, Proposal, Wanted } from './wanted.ts';
import { type Derived, derivedFiles, featureOf } from './windows.ts';

/** Values that are computed every hour may be used for this long, or longer where the table comes more seldom. */
const TTLS = ['7d', '60d', '400d'];
const MOST_FEATURES = 10;

interface Shown {
  entity: string;
  timestamp: string;
  created: string;
  features: [string, string][];
}

export function view(wanted: Wanted, graph: Graph): Proposal {
  const names = [...graph.entities.keys()].sort();
  const entity = wanted.entity ?? (names.length === 1 ? (names[0] ?? null) : null);
  if (entity === null)
    return { question: { option: 'entity', asks: 'What do the features describe?', choices: names } };
  const found = graph.entities.get(entity);
  const key = found ? joinKeyOf(found) : entity;
  const keyType = found?.value.type ?? 'string';
  const folder = `${folderOf('pipelines', wanted)}/${wanted.name}`;
  if (wanted.fromTable === null) {
    const source = { name: wanted.name, folder, key, keyType, cron: wanted.cron ?? HOURLY, ofView: true };
    const { timestamp, created, value } = columnsOfSource(source);
    const shown = {
      entity,
      timestamp,
      created,
      features: [[value, '{type: float64, description: As the source has it.}']],
    };
    return { candidates: every(wanted, shown as Shown, new Map(sourceFiles(source, graph)), folder, graph) };
  }
  const columns = columnsOf(wanted.fromTable, graph);
  const times = timesIn(columns);
  const timestamp = wanted.timestamp ?? (times.length === 1 ? (times[0] ?? null) : null);
  if (timestamp === null) return { question: { option: 'timestamp', asks: 'When is a row known?', choices: times } };
  const derived: Derived = {
    name: wanted.name,
    table: wanted.fromTable,
    key,
    timestamp,
    created: freeName([key, timestamp], 'ingested_at', 'loaded_at'),
    numbers: numbersIn(columns, graph)
      .filter((name) => featureOf(name).length <= 63)
      .slice(0, MOST_FEATURES),
    cron: wanted.cron,
  };
  const features = [
    ['rows_24h', '{type: int64, window: 24h, min: 0, description: Rows of the day before.}'],
    ...derived.numbers.map((name) => [
      featureOf(name),
      `{type: float64, window: 24h, description: Mean ${said(name)} over the day before.}`,
    ]),
  ] as [string, string][];
  const shown = { entity, timestamp, created: derived.created, features };
  return { candidates: every(wanted, shown, new Map(derivedFiles(derived, folder, graph)), folder, graph) };
}

/** Tables from whose rows a view of the entity can be computed. */
export function tablesWith(entity: string, graph: Graph): string[] {
  const found = graph.entities.get(entity);
  if (!found) return [];
  return tablesOf(graph).filter((table) => {
    const columns = columnsOf(table, graph);
    return columns.get(joinKeyOf(found)) === found.value.type && timesIn(columns).length > 0;
  });
}

function every(wanted: Wanted, shown: Shown, files: Files, folder: string, graph: Graph): Files[] {
  const path = `${folderOf('features', wanted)}/${wanted.name}.yaml`;
  return withSettings(files, `${folder}/pipeline.yaml`, wanted, graph).flatMap((pipeline) =>
    TTLS.map((ttl) => new Map([[path, spec(wanted, shown, ttl, schemaLine(path, 'features', graph))], ...pipeline])),
  );
}

const spec = (
  { name, fromTable }: Wanted,
  { entity, timestamp, created, features }: Shown,
  ttl: string,
  schema: string,
): string => {
  const origin = fromTable === null ? 'is known' : `${said(fromTable)} tell`;
  return lines(
    schema,
    'kind: FeatureView',
    `description: What ${origin} of a ${said(entity)}, as ${said(name)}.`,
    `entity: ${yaml(entity)}`,
    `ttl: ${ttl}`,
    `batch: ${flowMap(
      [
        ['timestamp', yaml(timestamp)],
        ['created', yaml(created)],
      ],
      '  ',
    )}`,
    'features:',
    ...features.map(([feature, rest]) => `  ${yaml(feature)}: ${rest}`),
  );
};
