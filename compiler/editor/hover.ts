import { entitiesOf, featuresOf, referencesOf, tableOf } from '../link/declared.ts';
import { type Graph, ownerOf } from '../link/graph.ts';
import type { Name } from './symbols.ts';

/** What is known of a name, as Markdown: its type, its owner, who uses it. */
export function describe({ kind, name }: Name, graph: Graph): string | null {
  const lines = (describers[kind]?.(name, graph) ?? []).filter((line) => line !== '');
  return lines.length === 0 ? null : lines.join('\n\n');
}

const describers: Partial<Record<Name['kind'], (name: string, graph: Graph) => string[]>> = {
  feature: aFeature,
  'feature view': aView,
  entity: anEntity,
  model: aModel,
  table: aTable,
  pipeline: aPipeline,
  step: aStep,
  function: aFunction,
  owner: anOwner,
  connection: (name) => [`**connection ${name}**`],
  environment: (name, { platform }) => {
    const stated = platform.value.environments[name];
    return stated ? [`**environment ${name}**`, `${stated.runtime}, stores ${stated.stores}`] : [];
  },
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
    `owner: ${ownerOf(declared, graph) || 'none'}; TTL ${declared.value.ttl}; column of ${code(tableOf(declared))}, ${writer(tableOf(declared), graph)}`,
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
    `owner: ${ownerOf(view, graph) || 'none'}; TTL ${ttl}${freshness ? `; fresh within ${freshness}` : ''}${online === false ? '; not online' : ''}${stream ? '; streamed' : ''}`,
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

function aPipeline(name: string, graph: Graph): string[] {
  const pipeline = graph.pipelines.get(name);
  if (!pipeline) return [];
  const { schedule, steps, description } = pipeline.value;
  const when = schedule?.cron
    ? `cron ${code(schedule.cron)}`
    : schedule?.after
      ? `after ${schedule.after.join(', ')}`
      : 'by hand';
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
  const colon = name.lastIndexOf(':');
  const signature = graph.module(name.slice(0, colon))?.functions.get(name.slice(colon + 1));
  if (!signature) return [];
  const parameters = signature.parameters.map(
    ({ name: each, type, hasDefault }) => `${each}${type ? `: ${type}` : ''}${hasDefault ? ' = …' : ''}`,
  );
  return [
    `**function ${name.slice(colon + 1)}** in ${name.slice(0, colon)}`,
    `\`\`\`python\ndef ${name.slice(colon + 1)}(${parameters.join(', ')})\n\`\`\``,
  ];
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
