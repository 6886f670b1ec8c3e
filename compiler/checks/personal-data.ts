import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Declared, featuresOf, keyAt, referencesOf, topicOf } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  LOG003: {
    severity: 'warning',
    title: 'Personal data in a log or a topic',
    why: 'It is copied where nobody looks for it, and stays when it should be forgotten.',
    example: 'request: {name: {type: string, personal: true}}',
    fix: 'Mask it, or keep it out.',
  },
});

/** Personal data stands in no topic, and in no log as it is. */
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
            `${view.name}.${name} is personal, and stands in each event of topic ${topicOf(view)}.`,
            {
              help: 'keep it out of the stream, in a view of its own; or suppress this with the reason',
              related: [{ message: 'the stream', at: keyAt(view, 'stream') }],
            },
          ),
        ]
      : [],
  );
}

/** The log of predictions holds what the model was given. */
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
  finding('LOG003', at, `${what} is personal, and stands as it is in the log of ${model.name}'s predictions.`, {
    help: 'add `mask: hash` (text) or `mask: drop`',
  });
