import { type Finding, finding } from '../../diagnostics/diagnostic.ts';
import { latencySeconds } from '../../spec-schema/units.ts';
import type { Check } from '../check.ts';
import { type Declared, type Graph, inserting, keyAt, referencesOf, valueAt } from '../graph.ts';

/** SRV001, SRV003, SRV004: an online API can answer, in its time, also when a feature is missing. */
export const serving: Check = {
  run: (graph) => [...graph.models.values()].flatMap((model) => [...budget(model), ...offline(graph, model), ...policy(model)]),
};

const shown = (count: number): string => `${Number((count * 1000).toFixed(3))}ms`;

function budget(model: Declared<'Model'>): Finding[] {
  const online = model.value.serving?.online;
  if (!online?.budget || online.latency_p99 === undefined) return [];
  const { features, model: own } = online.budget;
  const sum = latencySeconds(features) + latencySeconds(own);
  if (sum <= latencySeconds(online.latency_p99)) return [];
  return [
    finding(
      'SRV001',
      valueAt(model, 'serving', 'online', 'latency_p99'),
      `99 of 100 answers within ${online.latency_p99} cannot be: looking the features up may take ${features} and the model ${own}, ${shown(sum)} together.`,
      {
        help: `promise at least ${shown(sum)}, or give the parts less`,
        related: [{ message: 'the parts', at: keyAt(model, 'serving', 'online', 'budget') }],
      },
    ),
  ];
}

function offline(graph: Graph, model: Declared<'Model'>): Finding[] {
  if (!model.value.serving?.online) return [];
  const seen = new Set<string>();
  return referencesOf(model).flatMap(({ view, index }) => {
    const declared = graph.views.get(view);
    if (declared?.value.online !== false || seen.has(view)) return [];
    seen.add(view);
    return [
      finding(
        'SRV003',
        valueAt(model, 'features', index),
        `Model ${model.name} is served online, and feature view ${view} is not kept online.`,
        { related: [{ message: 'it is taken offline here', at: valueAt(declared, 'online') }] },
      ),
    ];
  });
}

function policy(model: Declared<'Model'>): Finding[] {
  const { serving: stated } = model.value;
  if (!stated?.online || stated.missing_features !== undefined) return [];
  return [
    finding(
      'SRV004',
      keyAt(model, 'serving', 'online'),
      `Model ${model.name} does not say what its API answers when a feature is missing.`,
      {
        help: 'add `missing_features: reject` (what happens now) or `allow` to `serving`',
        fix: inserting("add 'missing_features: reject', which is what happens now", model, ['serving'], 'missing_features: reject'),
      },
    ),
  ];
}
