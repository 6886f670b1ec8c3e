/** What is known of a name, as Markdown: its type, its owner, who uses it. */
import { entitiesOf, featuresOf, referencesOf, tableOf } from '../link/declared.ts';
import { type Graph, ownerOf } from '../link/graph.ts';
import { occurrencesOf, signatureOf } from '../link/names.ts';
import type { Name, NameKind } from '../spec-schema/name-kinds.ts';

type Describer = (name: string, graph: Graph) => string[];

const describers: Partial<Record<NameKind, Describer>> = {
  feature: aFeature,
  'feature view': aView,
  entity: anEntity,
  model: aModel,
  table: aTable,
  column: aColumn,
  pipeline: aPipeline,
  step: aStep,
  function: aFunction,
  owner: anOwner,
  environment: anEnvironment,
};

export function describe(name: Name, graph: Graph): string | null {
  const describer = describers[name.kind];
  const lines = (describer ? describer(name.name, graph) : anyName(name, graph)).filter((line) => line !== '');
  return lines.length === 0 ? null : lines.join('\n\n');
}

/** Where it is declared, and who uses it. */
function anyName(name: Name, graph: Graph): string[] {
  const found = occurrencesOf(name, graph);
  const [first] = found;
  if (!first) return [];
  const declared = found.filter(({ isDefinition }) => isDefinition).map((each) => each.declared.spec.path);
  const used = found.filter(({ isDefinition }) => !isDefinition).map(({ as }) => as);
  return [
    `**${name.kind} ${first.bare}**${first.scope === null ? '' : ` of ${first.scope}`}`,
    declared.length === 0 ? '' : `declared in ${[...new Set(declared)].join(', ')}`,
    `used by ${joined([...new Set(used)], 'nobody')}`,
  ];
}

/** What is announced to go, and what takes its place. */
const gone = (deprecated: { until: string; use?: string } | undefined): string => {
  if (deprecated === undefined) return '';
  const { until, use } = deprecated;
  return `**deprecated**: goes after ${until}${use === undefined ? '' : `; use ${code(use)} instead`}`;
};

const code = (text: string): string => `\`${text}\``;
const joined = (words: readonly string[], none: string): string => (words.length === 0 ? none : words.join(', '));

function aFeature(name: string, graph: Graph): string[] {
  const [view = '', feature = ''] = name.split('.');
  const declared = graph.views.get(view);
  const stated = declared?.value.features[feature];
  if (!declared || !stated) return [];
  const { type, unit, window, min, max } = stated;
  const facts = [
    code(type),
    unit === undefined ? '' : `in ${unit}`,
    window === undefined ? '' : `over ${window}`,
    min === undefined ? '' : `from ${min}`,
    max === undefined ? '' : `to ${max}`,
  ].filter((fact) => fact !== '');
  return [
    `**feature ${name}**: ${facts.join(', ')}`,
    stated.description ?? '',
    gone(stated.deprecated ?? declared.value.deprecated),
    [
      `owner: ${ownerOf(declared, graph) || 'none'}`,
      `TTL ${declared.value.ttl}`,
      `column of ${code(tableOf(declared))}, ${writer(tableOf(declared), graph)}`,
    ].join('; '),
    `used by ${joined(
      users(view, feature, graph).map((model) => `model ${model}`),
      'no model',
    )}`,
  ];
}

const users = (view: string, feature: string | null, graph: Graph): string[] =>
  [...graph.models.values()]
    .filter((model) =>
      referencesOf(model).some(
        (each) => each.view === view && (feature === null || featuresOf(graph, view, each.feature).includes(feature)),
      ),
    )
    .map((model) => model.name);

function writer(table: string, graph: Graph): string {
  const [write] = graph.tables.get(table)?.writes ?? [];
  return write ? `written by step ${write.pipeline}.${write.step}` : 'written by no step';
}

function aView(name: string, graph: Graph): string[] {
  const view = graph.views.get(name);
  if (!view) return [];
  const { ttl, freshness, features, online, stream, description } = view.value;
  return [
    `**feature view ${name}**: ${Object.keys(features).length} features of ${joined(entitiesOf(view), 'no entity')}`,
    description ?? '',
    gone(view.value.deprecated),
    [
      `owner: ${ownerOf(view, graph) || 'none'}`,
      `TTL ${ttl}`,
      ...(freshness ? [`fresh within ${freshness}`] : []),
      ...(online === false ? ['not online'] : []),
      ...(stream ? ['streamed'] : []),
    ].join('; '),
    `table ${code(tableOf(view))}, ${writer(tableOf(view), graph)}`,
    `used by ${joined(
      users(name, null, graph).map((model) => `model ${model}`),
      'no model',
    )}`,
  ];
}

function anEntity(name: string, graph: Graph): string[] {
  const entity = graph.entities.get(name);
  if (!entity) return [];
  const views = [...graph.views.values()].filter((view) => entitiesOf(view).includes(name)).map((view) => view.name);
  return [
    `**entity ${name}**: ${code(entity.value.type)}, join key ${code(entity.value.join_key ?? name)}`,
    entity.value.description ?? '',
    `owner: ${ownerOf(entity, graph) || 'none'}; views: ${joined(views, 'none')}`,
  ];
}

function aModel(name: string, graph: Graph): string[] {
  const model = graph.models.get(name);
  if (!model) return [];
  const { task, features, train, serving, description } = model.value;
  const served = [serving?.online ? 'online' : '', serving?.batch ? 'in batches' : ''].filter((how) => how !== '');
  return [
    `**model ${name}**: ${task}, judged by ${train.metric}`,
    description ?? '',
    gone(model.value.deprecated),
    `owner: ${ownerOf(model, graph) || 'none'}; served ${joined(served, 'nowhere')}`,
    `features: ${features.map(code).join(', ')}`,
  ];
}

function aTable(name: string, graph: Graph): string[] {
  const table = graph.tables.get(name);
  if (!table) return [];
  const columns = table.writes.find(({ columns: stated }) => stated)?.columns;
  const needed = [...new Set(table.needs.map(({ column, type }) => `${column}${type ? `: ${type}` : ''}`))];
  const shown = columns ? Object.entries(columns).map(([column, type]) => `${column}: ${type}`) : needed;
  return [
    `**table ${name}**, ${writer(name, graph)}`,
    `read by ${joined([...new Set(table.reads.map(({ reader }) => reader))], 'nobody')}`,
    shown.length === 0 ? '' : `columns: ${shown.map(code).join(', ')}`,
  ];
}

function aColumn(name: string, graph: Graph): string[] {
  const [table = '', column = ''] = name.split('.');
  const { writes = [], needs = [] } = graph.tables.get(table) ?? {};
  const needed = needs.filter((each) => each.column === column);
  const type = writes.find(({ columns }) => columns)?.columns?.[column] ?? needed.find((each) => each.type)?.type;
  return [
    `**column ${column}** of table ${table}${type ? `: ${code(type)}` : ''}`,
    `${writer(table, graph)}; needed by ${joined([...new Set(needed.map(({ reader }) => reader))], 'nobody')}`,
  ];
}

function aPipeline(name: string, graph: Graph): string[] {
  const pipeline = graph.pipelines.get(name);
  if (!pipeline) return [];
  const { schedule, steps, description } = pipeline.value;
  const after = schedule?.after ? `after ${schedule.after.join(', ')}` : 'by hand';
  const when = schedule?.cron ? `cron ${code(schedule.cron)}` : after;
  return [
    `**pipeline ${name}**: ${Object.keys(steps).length} steps, ${when}`,
    description ?? '',
    `owner: ${ownerOf(pipeline, graph) || 'none'}; steps: ${Object.keys(steps).join(', ')}`,
  ];
}

function aStep(name: string, graph: Graph): string[] {
  const [pipeline = '', step = ''] = name.split('.');
  const stated = graph.pipelines.get(pipeline)?.value.steps[step];
  if (!stated) return [];
  const writes = Array.isArray(stated.writes) ? stated.writes : Object.keys(stated.writes ?? {});
  return [
    `**step ${name}**: ${code(stated.run ?? stated.uses ?? '')}`,
    stated.description ?? '',
    `reads ${joined((stated.reads ?? []).map(code), 'no table')}, writes ${joined(writes.map(code), 'none')}`,
  ];
}

function aFunction(name: string, graph: Graph): string[] {
  const signature = signatureOf(name, graph);
  if (!signature) return [];
  const [file, own] = [name.slice(0, name.lastIndexOf(':')), name.slice(name.lastIndexOf(':') + 1)];
  const parameters = signature.parameters.map(
    ({ name: each, type, hasDefault }) => `${each}${type ? `: ${type}` : ''}${hasDefault ? ' = …' : ''}`,
  );
  return [`**function ${own}** in ${file}`, `\`\`\`python\ndef ${own}(${parameters.join(', ')})\n\`\`\``];
}

function anOwner(name: string, graph: Graph): string[] {
  const stated = graph.platform.value.owners[name];
  if (!stated) return [];
  const owned = graph.declared.filter((each) => each.spec.kind !== 'Platform' && ownerOf(each, graph) === name).length;
  return [
    `**owner ${name}**: ${joined(
      [stated.email ?? '', stated.slack ?? ''].filter((each) => each !== ''),
      'no receiver',
    )}`,
    `owns ${owned} specs`,
  ];
}

function anEnvironment(name: string, { platform }: Graph): string[] {
  const stated = platform.value.environments[name];
  return stated ? [`**environment ${name}**`, `${stated.runtime}, stores ${stated.stores}`] : [];
}
