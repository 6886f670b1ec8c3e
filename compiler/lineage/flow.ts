/** Along which data flows in an IR: whole things, or their columns. */
import { address } from '../ir/address.ts';
import { named } from '../ir/look-up.ts';
import type { FeatureView, Ir, Model, Pipeline } from '../ir/types.ts';

export interface Edges {
  addresses: Iterable<string>;
  add(from: string, to: string): void;
  pairs(): { from: string; to: string }[];
}

function noEdges(): Edges & { know(address: string): void } {
  const known = new Map<string, Set<string>>();
  const know = (each: string): Set<string> => {
    const all = known.get(each) ?? new Set();
    known.set(each, all);
    return all;
  };
  return {
    addresses: { [Symbol.iterator]: () => known.keys() },
    know: (each) => void know(each),
    add(from, to) {
      know(to);
      if (from !== to) know(from).add(to);
    },
    pairs: () => [...known].flatMap(([from, all]) => [...all].map((to) => ({ from, to }))),
  };
}

/** `withPipelines`: as wholes, beside their steps. */
export function flowIn(ir: Ir, byColumn: boolean, withPipelines: boolean): Edges {
  const edges = noEdges();
  const all = { ir, edges, byColumn, withPipelines };
  for (const { name } of ir.tables) for (const each of tableParts(name, all)) edges.know(each);
  for (const entity of ir.entities) edges.know(entity.address);
  for (const view of ir.featureViews) viewFlow(view, all);
  for (const model of ir.models) modelFlow(model, all);
  for (const pipeline of ir.pipelines) pipelineFlow(pipeline, all);
  return edges;
}

interface Flow {
  ir: Ir;
  edges: ReturnType<typeof noEdges>;
  byColumn: boolean;
  withPipelines: boolean;
}

/** The table, or its columns where they are asked for and known. */
function tableParts(name: string, { ir, byColumn }: Flow): string[] {
  const columns = byColumn ? (named(ir.tables, name)?.columns ?? []) : [];
  return columns.length > 0 ? columns.map((each) => each.address) : [address.table(name)];
}

function viewFlow(view: FeatureView, { ir, edges, byColumn }: Flow): void {
  const table = named(ir.tables, view.batch.table);
  const columnOf = (name: string) => (byColumn ? table?.columns.find((each) => each.name === name) : undefined);
  for (const feature of view.features) {
    const part = byColumn ? feature.address : view.address;
    edges.add(columnOf(feature.name)?.address ?? address.table(view.batch.table), part);
    if (view.stream) edges.add(view.stream.address, part);
  }
  if (!byColumn) for (const entity of view.entities) edges.add(address.entity(entity), view.address);
}

function modelFlow(model: Model, all: Flow): void {
  const { edges, byColumn, ir } = all;
  for (const { view, feature, address: input } of model.features) {
    if (!byColumn) edges.add(address.featureView(view), model.address);
    else {
      edges.add(address.feature(view, feature), input);
      edges.add(input, model.address);
    }
  }
  const label = byColumn
    ? named(ir.tables, model.label.table)?.columns.find(({ name }) => name === model.label.column)?.address
    : undefined;
  edges.add(label ?? address.table(model.label.table), model.address);
  if (byColumn) for (const field of model.request) edges.add(field.address, model.address);
  if (model.online) edges.add(model.address, model.online.address);
  if (!model.batch) return;
  edges.add(model.address, model.batch.address);
  for (const part of tableParts(model.batch.entities, all)) edges.add(part, model.batch.address);
  for (const part of tableParts(model.batch.output, all)) edges.add(model.batch.address, part);
}

/** What the platform's own steps do stands with views and models already. */
function pipelineFlow(pipeline: Pipeline, all: Flow): void {
  const { edges, withPipelines } = all;
  for (const step of pipeline.steps) {
    if (step.run.kind === 'platform') continue;
    for (const table of step.reads) for (const part of tableParts(table, all)) edges.add(part, step.address);
    for (const table of step.writes) for (const part of tableParts(table, all)) edges.add(step.address, part);
    for (const each of step.connections) edges.add(address.connection(each), step.address);
    if (withPipelines) edges.add(step.address, pipeline.address);
  }
  if (withPipelines) edges.know(pipeline.address);
}
