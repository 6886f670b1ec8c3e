import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import {
  type Declared,
  entitiesOf,
  featuresOf,
  joinKeyOf,
  keyAt,
  ownTime,
  referencesOf,
  valueAt,
} from '../link/declared.ts';
import { inputOf } from '../link/derived-names.ts';
import type { Graph } from '../link/graph.ts';
import type { Check } from './check.ts';

export const { codes, finding } = defineCodes({
  FEA011: {
    severity: 'error',
    title: 'Two names become the same in a tool',
    why: 'One would silently overwrite the other.',
    example: 'Two entities with one join key but different types',
    fix: 'Rename one of them.',
  },
});

/** No two names become one column of a view's or a model's frame. */
export const clashingNames: Check = {
  codes,
  run: (graph) => [
    ...[...graph.views.values()].flatMap((view) => [...doubledKeys(graph, view), ...keysAsTimes(graph, view)]),
    ...[...graph.models.values()].flatMap((model) => clashingInputs(graph, model)),
  ],
};

function doubledKeys({ entities }: Graph, view: Declared<'FeatureView'>): Finding[] {
  const keys = entitiesOf(view)
    .flatMap((name) => entities.get(name) ?? [])
    .map(joinKeyOf);
  const doubled = keys.find((key, index) => keys.indexOf(key) !== index);
  if (doubled === undefined) return [];
  return [
    finding(
      'FEA011',
      valueAt(view, 'entity'),
      `Two entities of feature view ${view.name} have the join key '${doubled}'.`,
      { help: 'give one of them a different `join_key`' },
    ),
  ];
}

/** A view's key and its times are columns with one meaning each. */
const keysAsTimes = (graph: Graph, view: Declared<'FeatureView'>): Finding[] =>
  entitiesOf(view).flatMap((name) => {
    const entity = graph.entities.get(name);
    const field = entity ? ownTime(view, joinKeyOf(entity)) : null;
    if (field === null) return [];
    return [
      finding(
        'FEA011',
        valueAt(view, 'batch', field),
        `Column '${view.value.batch[field]}' cannot be \`${field}\` of feature view ${view.name}: ` +
          `it is the join key of entity ${name}.`,
        { help: 'rename one of the two' },
      ),
    ];
  });

/** `view__feature`, request fields and join keys become columns of one frame. */
function clashingInputs(graph: Graph, model: Declared<'Model'>): Finding[] {
  const taken = new Map<string, string>();
  for (const { view: name, feature } of referencesOf(model)) {
    for (const entity of graph.views.has(name) ? entitiesOf(graph.views.get(name) as Declared<'FeatureView'>) : []) {
      const declared = graph.entities.get(entity);
      if (declared) taken.set(joinKeyOf(declared), `the join key of entity ${entity}`);
    }
    for (const each of featuresOf(graph, name, feature)) taken.set(inputOf(name, each), `feature ${name}.${each}`);
  }
  const clash = referencesOf(model).flatMap(({ view: name, feature, index }) =>
    featuresOf(graph, name, feature).flatMap((each) => {
      const owner = taken.get(inputOf(name, each));
      return owner === `feature ${name}.${each}` || owner === undefined
        ? []
        : [
            finding(
              'FEA011',
              valueAt(model, 'features', index),
              `Feature ${name}.${each} becomes the input '${inputOf(name, each)}', and so does ${owner}.`,
              { help: 'rename one of the two' },
            ),
          ];
    }),
  );
  const fields = Object.keys(model.value.request ?? {}).flatMap((name) =>
    taken.has(name)
      ? [
          finding(
            'FEA011',
            keyAt(model, 'request', name),
            `The request field '${name}' has the same name as ${taken.get(name)}.`,
            {
              help: 'rename the field',
            },
          ),
        ]
      : [],
  );
  return [...clash, ...fields];
}
