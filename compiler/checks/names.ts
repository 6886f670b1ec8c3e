import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, Place } from '../diagnostics/diagnostic.ts';
import { containerOf } from '../ir/container-name.ts';
import { secretVariable } from '../ir/secret-variable.ts';
import { type Declared, defaultName, keyAt, ownColumn, valueAt, wellFormed } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { type Occurrence, occurrencesIn, statedAt } from '../link/occurrences.ts';
import { type Service, servicesOf } from '../link/services.ts';
import type { ResolvedGraph, ResolvedPipeline } from '../resolve/resolve.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes(
  {},
  { SPC009: specCodes.SPC009, SPC010: specCodes.SPC010, SPC013: specCodes.SPC013 },
);

/** Names are unique within their kind, well formed, and free in every tool. */
export const names: Check = {
  codes,
  run: (graph) => [
    ...duplicates(graph),
    ...sharedFiles(graph, 'dashboards', 'dashboards'),
    ...sharedFiles(graph, 'log_indices', 'log indices'),
    ...graph.declared.flatMap(illFormed),
    ...ownColumns(graph),
    ...containers(graph),
    ...secrets(graph),
  ],
};

/** Where a name is stated; where it is the file's or folder's, the kind of the spec. */
const placeOfName = (each: Declared<Kind>) =>
  (each.value as { name?: string }).name === undefined ? valueAt(each, 'kind') : valueAt(each, 'name');

function duplicates(graph: ResolvedGraph): Finding[] {
  const first = new Map<string, Declared<Kind>>();
  const twice = new Set<string>();
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
    if (other) report(each, other, plural[each.spec.kind]);
    else first.set(key, each);
    if (other) twice.add(key);
  }
  const derived = graph.derived.filter(({ pipeline }) => !twice.has(`Pipeline ${pipeline.name}`));
  return [...findings, ...derived.flatMap((each) => hidden(each, graph))];
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
  const name = defaultName(each.spec.path);
  if ((each.value as { name?: string }).name !== undefined || name === wellFormed(name)) return [];
  const source = each.spec.kind === 'Pipeline' || each.spec.kind === 'Model' ? 'folder' : 'file';
  return [
    finding(
      'SPC010',
      valueAt(each, 'kind'),
      `The name '${name}', taken from the ${source}, must start with a letter and contain only ` +
        'lower-case letters, digits and underscores.',
      { help: `rename the ${source} to '${wellFormed(name)}', or add 'name: ${wellFormed(name)}'` },
    ),
  ];
}

/** A feature that is the key or a time of its own view would be one column with two meanings. */
const ownColumns = (graph: Graph): Finding[] =>
  [...graph.views.values()].flatMap((view) =>
    Object.keys(view.value.features).flatMap((name) => {
      const own = ownColumn(view, name, graph);
      return own === null
        ? []
        : [
            finding(
              'SPC013',
              keyAt(view, 'features', name),
              `'${name}' cannot be a feature: it is the view's ${own} column.`,
              { help: 'rename or remove the feature' },
            ),
          ];
    }),
  );

/** Of two secrets with one variable, whoever reads one would be given the other. */
function secrets(graph: Graph): Finding[] {
  const { environments } = graph.platform.value;
  if (Object.values(environments).every(({ secrets }) => secrets?.provider === 'file')) return [];
  const first = new Map<string, Occurrence>();
  return graph.declared.flatMap(occurrencesIn).flatMap((each) => {
    if (each.kind !== 'secret') return [];
    const variable = secretVariable(each.bare);
    const other = first.get(variable);
    if (!other) first.set(variable, each);
    if (!other || other.bare === each.bare) return [];
    const message = `The secrets '${other.bare}' and '${each.bare}' have one variable, ${variable}.`;
    const related = [{ message: 'the first one is named here', at: statedAt(other) }];
    return [finding('SPC009', statedAt(each), message, { help: 'rename one of them', related })];
  });
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
