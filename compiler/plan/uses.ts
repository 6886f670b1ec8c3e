/** What in an IR depends on what, by address: the edges of the graph that a change goes along. */
import { address } from '../ir/address.ts';
import { named } from '../ir/look-up.ts';
import type { FeatureView, Ir, Model, Pipeline } from '../ir/types.ts';

/** Address → addresses of what uses it. */
export function usesIn(ir: Ir): Map<string, Set<string>> {
  const uses = new Map<string, Set<string>>();
  const add = (from: string, to: string): void => {
    const all = uses.get(from) ?? new Set();
    uses.set(from, all.add(to));
  };
  for (const table of ir.tables) for (const column of table.columns) add(column.address, table.address);
  for (const view of ir.featureViews) viewUses(view, add);
  for (const model of ir.models) modelUses(model, ir, add);
  for (const pipeline of ir.pipelines) pipelineUses(pipeline, add);
  for (const environment of ir.environments)
    for (const service of environment.services) add(address.online(service.model), service.address);
  return uses;
}

type Add = (from: string, to: string) => void;

function viewUses(view: FeatureView, add: Add): void {
  for (const entity of view.entities) add(address.entity(entity), view.address);
  add(address.table(view.batch.table), view.address);
  for (const feature of view.features) add(view.address, feature.address);
  if (view.stream) add(view.address, view.stream.address);
}

function modelUses(model: Model, { featureViews }: Ir, add: Add): void {
  for (const { view, feature, address: used } of model.features) {
    add(address.feature(view, feature), used);
    add(used, model.address);
  }
  for (const part of [model.label, model.train, ...model.request]) add(part.address, model.address);
  add(address.table(model.label.table), model.label.address);
  if (model.online) {
    add(model.address, model.online.address);
    // Without its topic a view's values online are as old as its last batch.
    for (const view of new Set(model.features.map(({ view }) => view)))
      if (named(featureViews, view)?.stream) add(address.stream(view), model.online.address);
  }
  if (model.batch) {
    add(model.address, model.batch.address);
    add(model.batch.address, address.table(model.batch.output));
    add(address.table(model.batch.entities), model.batch.address);
  }
}

function pipelineUses(pipeline: Pipeline, add: Add): void {
  for (const step of pipeline.steps) {
    for (const table of step.reads) add(address.table(table), step.address);
    for (const table of step.writes) add(step.address, address.table(table));
  }
}
