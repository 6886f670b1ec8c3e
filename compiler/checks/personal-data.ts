import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Declared, featuresOf, keyAt, referencesOf, topicOf } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  LOG003: {
    severity: 'warning',
    title: 'Personal data in a log or a topic',
    why: 'It is copied where nobody looks for it, and remains when it should be deleted.',
    example: 'request: {name: {type: string, personal: true}}',
    fix: 'Mask it, or keep it out.',
  },
});

/** Personal data goes into no topic, and into no log unmasked. */
export const personalData: Check = {
  codes,
  run: (graph) => [
    ...[...graph.views.values()].flatMap(streamed),
    ...[...graph.models.values()].flatMap((model) => logged(graph, model)),
  ],
};

function streamed(view: Declared<'FeatureView'>): Finding[] {
  if (!view.value.stream) return [];
  return Object.entries(view.value.features).flatMap(([name, feature]) =>
    feature.personal === true
      ? [
          finding(
            'LOG003',
            keyAt(view, 'features', name, 'personal'),
            `${view.name}.${name} is personal data, and is part of each event of topic ${topicOf(view)}.`,
            {
              help: 'move it to a view that is not streamed, or suppress this finding with a reason',
              related: [{ message: 'the stream is set here', at: keyAt(view, 'stream') }],
            },
          ),
        ]
      : [],
  );
}

/** The prediction log holds the inputs of the model. */
function logged(graph: Graph, model: Declared<'Model'>): Finding[] {
  const { serving, request } = model.value;
  if (!serving?.online && !serving?.batch) return [];
  const asked = Object.entries(request ?? {}).flatMap(([name, field]) =>
    field.personal === true && field.mask === undefined
      ? [unmasked(keyAt(model, 'request', name, 'personal'), `'${name}'`, model)]
      : [],
  );
  const joined = referencesOf(model).flatMap(({ view: name, feature }) => {
    const view = graph.views.get(name);
    if (!view || view.value.stream) return [];
    return featuresOf(graph, name, feature).flatMap((each) => {
      const stated = view.value.features[each];
      return stated?.personal === true && stated.mask === undefined
        ? [unmasked(keyAt(view, 'features', each, 'personal'), `${name}.${each}`, model)]
        : [];
    });
  });
  return [...asked, ...joined];
}

const unmasked = (at: Finding['at'], what: string, model: Declared<'Model'>): Finding =>
  finding('LOG003', at, `${what} is personal data, and goes unmasked into the prediction log of ${model.name}.`, {
    help: 'add `mask: hash` (text) or `mask: drop`',
  });
