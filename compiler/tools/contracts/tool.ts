import { named } from '../../ir/look-up.ts';
import { starterDags } from '../../ir/starter-dags.ts';
import type { FeatureView, Ir, Model, Pipeline, Table } from '../../ir/types.ts';
import type { Artifact } from '../../render/artifact.ts';
import { json } from '../../render/json.ts';
import { namesIn } from '../data.ts';
import type { Site } from '../host.ts';
import { modelParts } from '../model-parts.ts';
import type { Tool } from '../tool.ts';
import { environmentJson } from './environment.ts';
import { modelJson } from './model.ts';
import { servicesJson } from './services.ts';

/** What `mlops_runtime` reads: each pipeline's calls, each table's columns, each model's training and scoring. */
export const contracts = {
  name: 'contracts',
  emitCommon: (ir) => [
    ...ir.pipelines.map((pipeline) => pipelineArtifact(pipeline, ir)),
    ...tableArtifacts(ir),
    ...ir.featureViews.map(viewArtifact),
    ...ir.models.map((model) => modelArtifact(model, ir)),
  ],
  emitEnvironment: (site, running) => [
    inEnvironment(site, 'environment', environmentJson(site)),
    inEnvironment(site, 'services', servicesJson(site, running)),
  ],
  data: [
    { kind: 'online', asked: (compiled) => namesIn(compiled, 'common/runtime/views') },
    { kind: 'predictions', asked: (compiled) => namesIn(compiled, 'common/runtime/models') },
    { kind: 'table', asked: (compiled) => namesIn(compiled, 'common/runtime/tables') },
  ],
} satisfies Tool;

function common(name: string, value: Parameters<typeof json>[0], origin: string): Artifact {
  return { path: `common/runtime/${name}.json`, content: json(value), origin };
}

function modelArtifact(model: Model, ir: Ir): Artifact {
  const value = modelJson(model, ir);
  const artifact = common(`models/${model.name}`, value, model.origin.file);
  return { ...artifact, parts: modelParts(artifact.path, value, model) };
}

function pipelineArtifact(pipeline: Pipeline, ir: Ir): Artifact {
  const { name, origin, schedule, steps } = pipeline;
  const timezone = schedule.kind === 'cron' ? schedule.timezone : ir.platform.timezone;
  const calls = steps.map(({ name, run, reads, writes, mode, partition, connections }) => [
    name,
    { call: { ...run }, reads, writes, mode, partition, connections },
  ]);
  return common(
    `pipelines/${name}`,
    {
      pipeline: name,
      spec: origin.file,
      timezone,
      starters: starterDags(pipeline).map(({ dag }) => dag),
      steps: Object.fromEntries(calls),
    },
    origin.file,
  );
}

/** A file per view, which only its own spec changes: it is a part of the digest of each model that uses the view. */
function viewArtifact({ name, origin, entities, ttlSeconds, batch }: FeatureView): Artifact {
  const { table, timestamp, created } = batch;
  return common(
    `views/${name}`,
    { view: name, entities, ttl_seconds: ttlSeconds, table, timestamp, created },
    origin.file,
  );
}

function tableArtifacts(ir: Ir): Artifact[] {
  const rules = new Map<string, ReturnType<typeof rulesOf>[]>(ir.tables.map(({ name }) => [name, []]));
  for (const view of ir.featureViews) rules.get(view.batch.table)?.push(rulesOf(view, ir));
  return ir.tables.map((table) => tableArtifact(table, rules.get(table.name) ?? []));
}

function tableArtifact(table: Table, rules: ReturnType<typeof rulesOf>[]): Artifact {
  const { name, origin, timestamp, writer, columns } = table;
  return common(
    `tables/${name}`,
    {
      table: name,
      timestamp,
      writer: writer && { pipeline: writer.pipeline, step: writer.step },
      columns: columns.map(({ name, type, requiredBy }) => ({ name, type, required_by: requiredBy })),
      rules,
    },
    origin.file,
  );
}

/** What a view asks of its table's rows. */
function rulesOf({ name, origin, entities, batch, quality, features }: FeatureView, ir: Ir) {
  return {
    view: name,
    spec: origin.file,
    on_failure: quality.onFailure,
    key: entities.map((entity) => named(ir.entities, entity)?.joinKey ?? entity),
    timestamp: batch.timestamp,
    created: batch.created,
    window_seconds: quality.windowSeconds,
    min_rows: quality.minRows,
    features: features.map(({ name, min, max, maxMissing }) => ({
      name,
      min,
      max,
      max_missing: maxMissing,
      personal: quality.personal.includes(name),
    })),
  };
}

function inEnvironment({ environment }: Site, name: string, value: Parameters<typeof json>[0]): Artifact {
  return { path: `${environment.name}/runtime/${name}.json`, content: json(value), origin: environment.origin.file };
}
