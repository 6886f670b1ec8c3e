import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { featuresOf, keyAt, referencesOf } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  FEA015: {
    severity: 'warning',
    title: 'A feature that no model uses',
    why: 'It is computed, stored and monitored for nobody.',
    example: 'features: {idle: {type: int64}}',
    fix: 'Use it in a model, or remove it.',
  },
});

/** A feature that no model uses. */
export const unused: Check = {
  codes,
  run(graph) {
    // A model that cannot be read may use any feature.
    if (graph.brokenKinds.has('Model') || graph.brokenKinds.has('FeatureView')) return [];
    const used = usedFeatures(graph);
    return [...graph.views.values()].flatMap((view): Finding[] => {
      // What is announced to go is kept for whoever reads it elsewhere, until its day.
      if (view.value.deprecated) return [];
      const features = Object.keys(view.value.features).filter((name) => !view.value.features[name]?.deprecated);
      if (features.length === 0) return [];
      const idle = features.filter((name) => !used.has(`${view.name}.${name}`));
      const help = 'use it in a model, or remove it';
      if (idle.length === features.length)
        return [
          finding('FEA015', keyAt(view, 'features'), `No model uses any feature of view ${view.name}.`, { help }),
        ];
      return idle.map((name) =>
        finding('FEA015', keyAt(view, 'features', name), `No model uses feature ${view.name}.${name}.`, { help }),
      );
    });
  },
};

/** A misspelt reference uses what it was meant to be. */
function usedFeatures(graph: Graph): Set<string> {
  const used = new Set<string>();
  for (const model of graph.models.values()) {
    for (const { view: stated, feature } of referencesOf(model)) {
      const name = graph.views.has(stated) ? stated : nearest(stated, graph.views);
      const view = name === null ? undefined : graph.views.get(name);
      if (!view) continue;
      const known = Object.hasOwn(view.value.features, feature) || feature === '*';
      if (known) for (const each of featuresOf(graph, view.name, feature)) used.add(`${view.name}.${each}`);
      // It may mean any of the view's features; the reference gets a finding of its own.
      else for (const each of Object.keys(view.value.features)) used.add(`${view.name}.${each}`);
    }
  }
  return used;
}
