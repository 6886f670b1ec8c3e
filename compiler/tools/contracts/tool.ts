import type { Environment, Ir, Pipeline, Table } from '../../ir/types.ts';
import { json } from '../../render/json.ts';
import type { Artifact, Tool } from '../tool.ts';
import { environmentJson } from './environment.ts';
import { modelJson } from './model.ts';

/** What `mlops_runtime` is told: each pipeline's calls, each table's columns, each model's training and scoring. */
export const runtime = {
  name: 'runtime',
  emitCommon: (ir) => [
    ...ir.pipelines.map(pipelineArtifact),
    ...ir.tables.map(tableArtifact),
    ...ir.models.map((model) => common(`models/${model.name}`, modelJson(model, ir), model.origin.file)),
  ],
  emitEnvironment: (ir, environment) => [environmentArtifact(ir, environment)],
} satisfies Tool;

function common(name: string, value: Parameters<typeof json>[0], origin: string): Artifact {
  return { path: `common/runtime/${name}.json`, content: json(value), origin };
}

function pipelineArtifact({ name, origin, steps }: Pipeline): Artifact {
  const calls = steps.map(({ name, run, reads, writes, mode, partition, connections }) => [
    name,
    { call: { ...run }, reads, writes, mode, partition, connections },
  ]);
  return common(
    `pipelines/${name}`,
    { pipeline: name, spec: origin.file, steps: Object.fromEntries(calls) },
    origin.file,
  );
}

function tableArtifact({ name, origin, timestamp, writer, columns }: Table): Artifact {
  return common(
    `tables/${name}`,
    {
      table: name,
      timestamp,
      writer: writer && { pipeline: writer.pipeline, step: writer.step },
      columns: columns.map(({ name, type, requiredBy }) => ({ name, type, required_by: requiredBy })),
    },
    origin.file,
  );
}

function environmentArtifact(ir: Ir, environment: Environment): Artifact {
  return {
    path: `${environment.name}/runtime/environment.json`,
    content: json(environmentJson(ir, environment)),
    origin: environment.origin.file,
  };
}
