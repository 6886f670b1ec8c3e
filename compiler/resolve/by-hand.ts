import { type Declared, viewsByTable } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import type { StepSpec } from './steps.ts';

/** Platform steps that written pipelines already run, so they are not derived again. */
export interface ByHand {
  /** Feature views that a written step brings online. */
  materialized: ReadonlySet<string>;
  /** Models. */
  trained: ReadonlySet<string>;
  scored: ReadonlySet<string>;
  /** The feature views that are read from each table. */
  viewsOfTable: ReadonlyMap<string, readonly Declared<'FeatureView'>[]>;
}

export function workByHand({ pipelines, views }: Graph): ByHand {
  const steps = [...pipelines.values()].flatMap(({ value }) => Object.values(value.steps));
  const modelsOf = (uses: StepSpec['uses']) =>
    new Set(steps.flatMap((step) => (step.uses === uses && step.model !== undefined ? [step.model] : [])));
  return {
    materialized: new Set(steps.flatMap((step) => (step.uses === 'materialize' ? (step.views ?? []) : []))),
    trained: modelsOf('train'),
    scored: modelsOf('score'),
    viewsOfTable: viewsByTable(views.values()),
  };
}
