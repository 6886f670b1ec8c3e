/** What will run: written pipelines and those of models, with schedules, order and attempts; and on which ports. */
import type { Pipeline, Step } from '../ir/types.ts';
import type { Declared } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import type { Path } from '../source/locate.ts';
import { workByHand } from './by-hand.ts';
import { derivedScoring, derivedTraining } from './derived.ts';
import { type EnvironmentPorts, portsOf } from './ports.ts';
import { writtenPipeline } from './written.ts';

export interface ResolvedPipeline {
  pipeline: Pipeline;
  steps: ReadonlyMap<string, Step>;
  /** The spec that it comes from, and the part of it. */
  declared: Declared<'Pipeline'> | Declared<'Model'>;
  path: Path;
}

/** The graph, with what follows from it before anything is judged. Specs may still be wrong. */
export interface ResolvedGraph extends Graph {
  /** By name; a written pipeline hides a derived one. */
  resolved: ReadonlyMap<string, ResolvedPipeline>;
  /** Those that no pipeline.yaml states. */
  derived: readonly ResolvedPipeline[];
  /** By environment. */
  ports: ReadonlyMap<string, EnvironmentPorts>;
}

/** What the steps of a written pipeline are, with its own ones that nobody wrote. */
export const stepsOf = ({ resolved }: ResolvedGraph, { name }: Declared<'Pipeline'>): ReadonlyMap<string, Step> =>
  resolved.get(name)?.steps ?? new Map();

export function resolve(graph: Graph): ResolvedGraph {
  const byHand = workByHand(graph);
  const written = [...graph.pipelines.values()].map((each) => resolved(writtenPipeline(each, graph, byHand), each, []));
  const derived = [...graph.models.values()].flatMap((model) => {
    const batch = model.value.serving?.batch;
    const isTrained = byHand.trained.has(model.name);
    const isScored = !batch || byHand.scored.has(model.name);
    return [
      ...(isTrained ? [] : [resolved(derivedTraining(model, graph), model, ['train'])]),
      ...(isScored ? [] : [resolved(derivedScoring(model, batch, graph), model, ['serving', 'batch'])]),
    ];
  });
  return {
    ...graph,
    resolved: new Map([...derived, ...written].map((each) => [each.pipeline.name, each])),
    derived,
    ports: new Map(Object.keys(graph.platform.value.environments).map((name) => [name, portsOf(graph, name)])),
  };
}

const resolved = (pipeline: Pipeline, declared: ResolvedPipeline['declared'], path: Path): ResolvedPipeline => ({
  pipeline,
  steps: new Map(pipeline.steps.map((step) => [step.name, step])),
  declared,
  path,
});
