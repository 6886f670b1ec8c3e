/** What rules of an organisation are held against, and the language that they are written in (CEL). */
import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import type { Place } from '../diagnostics/diagnostic.ts';
import type { Path } from '../source/locate.ts';
import type { Kind } from '../spec-schema/kinds.ts';
import { seconds } from '../spec-schema/units.ts';
import { type Declared, keyAt, valueAt } from './declared.ts';
import type { Graph } from './graph.ts';

/** One thing that a rule may be about. */
export interface Thing {
  name: string;
  self: unknown;
  declared: Declared<Kind>;
  path: Path;
}

type Things = (graph: Graph) => Thing[];

const specs =
  (of: (graph: Graph) => Iterable<Declared<Kind>>): Things =>
  (graph) =>
    [...of(graph)].map((declared) => ({ name: declared.name, self: declared.value, declared, path: [] }));

const parts = (declared: Declared<Kind>, path: Path, map: object | undefined, prefix = ''): Thing[] =>
  Object.entries(map ?? {}).map(([name, self]) => ({
    name: `${prefix}${name}`,
    self,
    declared,
    path: [...path, name],
  }));

export const things: Record<string, Things> = {
  platform: specs(({ platform }) => [platform]),
  environment: ({ platform }) => parts(platform, ['environments'], platform.value.environments),
  owner: ({ platform }) => parts(platform, ['owners'], platform.value.owners),
  connection: ({ platform }) => parts(platform, ['connections'], platform.value.connections),
  entity: specs(({ entities }) => entities.values()),
  feature_view: specs(({ views }) => views.values()),
  feature: ({ views }) =>
    [...views.values()].flatMap((view) => parts(view, ['features'], view.value.features, `${view.name}.`)),
  pipeline: specs(({ pipelines }) => pipelines.values()),
  step: ({ pipelines }) =>
    [...pipelines.values()].flatMap((each) => parts(each, ['steps'], each.value.steps, `${each.name}.`)),
  model: specs(({ models }) => models.values()),
  service: ({ platform }) =>
    Object.entries(platform.value.environments).flatMap(([environment, { services }]) =>
      parts(platform, ['environments', environment, 'services'], services, `${environment}.`),
    ),
  request_field: ({ models }) =>
    [...models.values()].flatMap((each) => parts(each, ['request'], each.value.request, `${each.name}.`)),
};

/** Where a finding about a thing stands: at a key of its own, or at its name. */
export function placeOf({ declared, path, self }: Thing, key: string | undefined): Place {
  const steps = key?.split('.') ?? [];
  const value = steps.reduce<unknown>((within, step) => (within as Record<string, unknown> | undefined)?.[step], self);
  if (key !== undefined && value !== undefined) return valueAt(declared, ...path, ...steps);
  return path.length === 0 ? valueAt(declared, 'kind') : keyAt(declared, ...path);
}

/** Variables and functions of an expression, typed loosely: specs differ, and a rule says itself what it expects. */
const language = new Environment({ limits: { maxAstNodes: 2000, maxDepth: 50 } })
  .registerVariable('self', 'dyn')
  .registerVariable('name', 'string')
  .registerVariable('spec', 'dyn')
  .registerVariable('owner', 'string')
  .registerVariable('platform', 'dyn')
  .registerVariable('entities', 'list')
  .registerVariable('feature_views', 'list')
  .registerVariable('pipelines', 'list')
  .registerVariable('models', 'list')
  .registerFunction('seconds(string): double', (text: string) =>
    /^\d+[smhdw]$/.test(text) ? seconds(text) : Number.NaN,
  )
  .registerFunction('sum(list): double', (values: unknown[]) =>
    values.reduce<number>((total, each) => total + Number(each), 0),
  );

export const compileExpression = (text: string): ParseResult => language.parse(text);

export function surroundings(graph: Graph): Record<string, unknown> {
  const values = (all: ReadonlyMap<string, Declared<Kind>>) =>
    [...all].map(([name, { value }]) => ({ ...value, name }));
  return {
    platform: graph.platform.value,
    entities: values(graph.entities),
    feature_views: values(graph.views),
    pipelines: values(graph.pipelines),
    models: values(graph.models),
  };
}
