import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { containerOf } from '../ir/container-name.ts';
import { type Declared, defaultName, entitiesOf, joinKeyOf, keyAt, valueAt } from '../link/declared.ts';
import { MODEL_VERSION, PREDICTION } from '../link/derived-names.ts';
import type { Graph } from '../link/graph.ts';
import { type Service, servicesOf } from '../link/services.ts';
import type { ResolvedGraph, ResolvedPipeline } from '../resolve/resolve.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes(
  {},
  { SPC009: specCodes.SPC009, SPC010: specCodes.SPC010, SPC013: specCodes.SPC013 },
);

const PYTHON_KEYWORDS =
  'False None True and as assert async await break class continue def del elif else except finally for from global ' +
  'if import in is lambda nonlocal not or pass raise return try while with yield match case type';
/** Columns of Feast's joins and of predictions, and parameters that the platform fills in. */
const RESERVED = new Set([
  ...PYTHON_KEYWORDS.split(' '),
  'event_timestamp',
  'created_timestamp',
  PREDICTION,
  MODEL_VERSION,
  'context',
  'entity_row_id',
  'event_expire_timestamp',
  'rn',
]);

/** Names are unique within their kind, well formed, and free in every tool. */
export const names: Check = {
  codes,
  run: (graph) => [
    ...duplicates(graph),
    ...sharedFiles(graph, 'dashboards', 'dashboards'),
    ...sharedFiles(graph, 'log_indices', 'log indices'),
    ...graph.declared.flatMap(illFormed),
    ...reserved(graph),
    ...containers(graph),
  ],
};

/** Where a name is stated; where it is the file's or folder's, the kind of the spec. */
const placeOfName = (each: Declared<Kind>) =>
  (each.value as { name?: string }).name === undefined ? valueAt(each, 'kind') : valueAt(each, 'name');

function duplicates(graph: ResolvedGraph): Finding[] {
  const first = new Map<string, Declared<Kind>>();
  const findings: Finding[] = [];
  const report = (each: Declared<Kind>, other: Declared<Kind>, what: string) =>
    findings.push(
      finding('SPC009', placeOfName(each), `There are two ${what} called '${each.name}'.`, {
        related: [{ message: 'the first one is declared here', at: placeOfName(other) }],
      }),
    );
  for (const each of graph.declared) {
    const key = `${each.spec.kind} ${each.name}`;
    const other = first.get(key);
    if (other) report(each, other, each.spec.kind === 'Platform' ? 'platforms' : `${plural[each.spec.kind]}`);
    else first.set(key, each);
  }
  return [...findings, ...graph.derived.flatMap((each) => hidden(each, graph))];
}

/** What several monitoring specs may state, and is compiled to a file of its own. */
function sharedFiles({ monitorings }: Graph, field: 'dashboards' | 'log_indices', what: string): Finding[] {
  const first = new Map<string, Place>();
  return [...monitorings.values()].flatMap((spec) =>
    Object.keys(spec.value[field] ?? {}).flatMap((name) => {
      const at = keyAt(spec, field, name);
      const other = first.get(name);
      if (other === undefined) first.set(name, at);
      return other === undefined
        ? []
        : [
            finding('SPC009', at, `There are two ${what} called '${name}'.`, {
              help: 'rename one of them',
              related: [{ message: 'the first one is declared here', at: other }],
            }),
          ];
    }),
  );
}

/** A pipeline of that name which does other work would hide the one that the model gets. */
function hidden({ pipeline: { name, derivedFrom } }: ResolvedPipeline, { pipelines }: Graph): Finding[] {
  const written = pipelines.get(name);
  if (!written) return [];
  const message = `Pipeline '${name}' has the same name as the pipeline derived from model ${derivedFrom?.model}.`;
  return [
    finding('SPC009', placeOfName(written), message, {
      help: `rename it, or let it ${derivedFrom?.purpose} the model with \`uses:\` steps`,
    }),
  ];
}

const plural: Record<Kind, string> = {
  Platform: 'platforms',
  Entity: 'entities',
  FeatureView: 'feature views',
  Pipeline: 'pipelines',
  Model: 'models',
  Policy: 'policies',
  Monitoring: 'monitoring specs',
};

/** The schema checks a stated name against its pattern, but not one taken from a path. */
function illFormed(each: Declared<Kind>): Finding[] {
  if ((each.value as { name?: string }).name !== undefined || /^[a-z][a-z0-9_]{0,62}$/.test(each.name)) return [];
  const source = each.spec.kind === 'Pipeline' || each.spec.kind === 'Model' ? 'folder' : 'file';
  const to = defaultName(each.spec.path) === each.name ? ` to '${tame(each.name)}'` : '';
  return [
    finding(
      'SPC010',
      valueAt(each, 'kind'),
      `The name '${each.name}', taken from the ${source}, must start with a letter and contain only ` +
        'lower-case letters, digits and underscores.',
      { help: `rename the ${source}${to}, or add 'name: ${tame(each.name)}'` },
    ),
  ];
}

const tame = (name: string): string => {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 63);
  return plain === '' ? 'my_name' : plain;
};

/** Its DuckDB join takes such a column for the second of two with the same name, and drops it. */
function droppedByFeast(view: Declared<'FeatureView'>, name: string): Finding {
  return finding(
    'SPC013',
    keyAt(view, 'features', name),
    `A feature cannot be called '${name}': Feast drops columns that end in '_y' when it joins.`,
    {
      help: `use another name, such as '${name}_value'`,
    },
  );
}

function reserved(graph: Graph): Finding[] {
  const findings: Finding[] = [];
  const check = (name: string, at: () => ReturnType<typeof keyAt>) => {
    if (RESERVED.has(name))
      findings.push(
        finding('SPC013', at(), `'${name}' is a reserved name.`, { help: `use another name, such as '${name}_value'` }),
      );
  };
  for (const each of graph.declared) if (each.spec.kind !== 'Platform') check(each.name, () => placeOfName(each));
  for (const view of graph.views.values()) {
    const keys = new Set(
      entitiesOf(view)
        .flatMap((name) => graph.entities.get(name) ?? [])
        .map(joinKeyOf),
    );
    const stamps = [view.value.batch.timestamp, view.value.batch.created];
    for (const name of Object.keys(view.value.features)) {
      if (name.endsWith('_y')) findings.push(droppedByFeast(view, name));
      check(name, () => keyAt(view, 'features', name));
      if (keys.has(name) || stamps.includes(name))
        findings.push(
          finding(
            'SPC013',
            keyAt(view, 'features', name),
            `'${name}' cannot be a feature: it is the view's ${keys.has(name) ? 'join key' : 'timestamp'} column.`,
            { help: 'rename or remove the feature' },
          ),
        );
    }
  }
  for (const model of graph.models.values())
    for (const name of Object.keys(model.value.request ?? {})) check(name, () => keyAt(model, 'request', name));
  for (const pipeline of graph.pipelines.values())
    for (const name of Object.keys(pipeline.value.steps)) check(name, () => keyAt(pipeline, 'steps', name));
  return findings;
}

/** Of two services with one host name, one would take the other's place; underscores are no part of it. */
function containers(graph: Graph): Finding[] {
  const first = new Map<string, Service>();
  return servicesOf(graph).flatMap((each) => {
    const { name, environment, platform, keyAt: at } = each;
    const key = JSON.stringify([environment, containerOf(name)]);
    const other = first.get(key);
    if (!other) first.set(key, each);
    if (platform.has(containerOf(name)))
      return [
        finding('SPC013', at(), `The platform has its own container '${name}' in environment ${environment}.`, {
          help: 'choose another name',
        }),
      ];
    if (!other) return [];
    const message = `The services '${other.name}' and '${name}' have one host name, ${containerOf(name)}.`;
    const related = [{ message: 'the first one is declared here', at: other.keyAt() }];
    return [finding('SPC009', at(), message, { help: 'rename one of them', related })];
  });
}
