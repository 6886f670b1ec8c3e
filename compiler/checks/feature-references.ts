import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding, FindingDetails, Place } from '../diagnostics/diagnostic.ts';
import { spelling } from '../diagnostics/nearest.ts';
import { type Declared, entitiesOf, partAt, referencesOf, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import type { Check } from './check.ts';
import { misspeltColumns } from './misspelt-columns.ts';

const { codes, finding } = defineCodes({
  FEA001: {
    severity: 'error',
    title: 'Unknown entity, feature view or feature',
    why: 'The reference leads nowhere.',
    example: 'entity: carier',
    fix: 'Correct the name, or declare it below features/.',
  },
});

/** Entities, feature views and features that are referred to exist. One missing name is one finding. */
export const featureReferences: Check = {
  codes,
  run(graph) {
    const missing = new Map<string, Missing>();
    const miss = (key: string, what: Omit<Missing, 'places'>, at: Place) => {
      const entry = missing.get(key) ?? { ...what, places: [] };
      entry.places.push(at);
      missing.set(key, entry);
    };
    entityReferences(graph, miss);
    viewReferences(graph, miss);
    const ignored = [...graph.models.values()].flatMap((model) => unknownIgnored(graph, model));
    return [...[...missing.values()].map(report), ...ignored];
  },
};

interface Missing extends FindingDetails {
  message: string;
  places: Place[];
}

type Miss = (key: string, what: Omit<Missing, 'places'>, at: Place) => void;

function report({ message, help, fix, places }: Missing): Finding {
  const [first, ...others] = places;
  return finding('FEA001', first as Place, message, {
    help,
    fix: fix ? { ...fix, edits: places.flatMap((at) => fix.edits.map((edit) => ({ ...edit, at }))) } : null,
    related: others.map((at) => ({ message: 'also used here', at })),
  });
}

const listed = (names: Iterable<string>, what: string): string => {
  const all = [...names];
  if (all.length === 1) return `the only ${what} is ${all[0]}`;
  return all.length === 0
    ? `there is no ${what} yet`
    : `the ${what}s are ${all.slice(0, 8).join(', ')}${all.length > 8 ? ', …' : ''}`;
};

function entityReferences(graph: Graph, miss: Miss): void {
  for (const view of graph.views.values()) {
    for (const [index, name] of entitiesOf(view).entries()) {
      if (graph.entities.has(name) || graph.broken.has(name)) continue;
      const at = Array.isArray(view.value.entity) ? valueAt(view, 'entity', index) : valueAt(view, 'entity');
      miss(
        `entity ${name}`,
        {
          message: `There is no entity '${name}'.`,
          ...spelling(
            name,
            graph.entities.keys(),
            listed(graph.entities.keys(), 'entity').replace('entitys', 'entities'),
          ),
        },
        at,
      );
    }
  }
}

function viewReferences(graph: Graph, miss: Miss): void {
  const missView = (name: string, at: Place) => {
    if (graph.broken.has(name)) return;
    miss(
      `view ${name}`,
      {
        message: `There is no feature view '${name}'.`,
        ...spelling(name, graph.views.keys(), listed(graph.views.keys(), 'feature view')),
      },
      at,
    );
  };
  for (const pipeline of graph.pipelines.values()) {
    for (const [step, { views }] of Object.entries(pipeline.value.steps)) {
      for (const [index, name] of (views ?? []).entries())
        if (!graph.views.has(name)) missView(name, valueAt(pipeline, 'steps', step, 'views', index));
    }
  }
  const respelt = misspeltColumns(graph);
  for (const model of graph.models.values()) {
    for (const { view: name, feature, index } of referencesOf(model)) {
      const view = graph.views.get(name);
      const begin = view ? name.length + 1 : 0;
      const at = partAt(model, ['features', index], begin, begin + (view ? feature.length : name.length));
      if (!view) missView(name, at);
      else if (feature !== '*' && !Object.hasOwn(view.value.features, feature)) {
        // Where the code has the model's spelling, the view has the typo, and FEA017 reports it there.
        if (respelt.some((each) => each.reader === `feature view ${name}` && each.spelling === feature)) continue;
        const features = Object.keys(view.value.features);
        const elsewhere = [...graph.views.values()].find(({ value }) => Object.hasOwn(value.features, feature));
        const details = spelling(
          feature,
          features,
          elsewhere ? `'${elsewhere.name}' has a feature '${feature}'` : listed(features, 'feature'),
        );
        miss(
          `feature ${name}.${feature}`,
          { message: `Feature view ${name} has no feature '${feature}'.`, ...details },
          at,
        );
      }
    }
  }
}

/** A slip here would silently go on watching what was meant to be left out. */
function unknownIgnored(graph: Graph, model: Declared<'Model'>): Finding[] {
  const request = Object.keys(model.value.request ?? {});
  const references = referencesOf(model).flatMap(({ view, feature }) => {
    const names = feature === '*' ? Object.keys(graph.views.get(view)?.value.features ?? {}) : [feature];
    return [`${view}.*`, ...names.map((name) => `${view}.${name}`)];
  });
  const known = [...new Set([...references, ...request])];
  return (model.value.monitoring?.drift?.ignore ?? []).flatMap((reference, index) =>
    known.includes(reference) || graph.broken.has(reference.split('.')[0] ?? '')
      ? []
      : [
          finding(
            'FEA001',
            valueAt(model, 'monitoring', 'drift', 'ignore', index),
            `Model ${model.name} has no input '${reference}'.`,
            {
              ...spelling(
                reference,
                known,
                'name a feature as `view.feature`, all of a view as `view.*`, or a field of `request`',
              ),
            },
          ),
        ],
  );
}
