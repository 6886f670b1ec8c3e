import type { Model, ScalarType } from '../../ir/types.ts';
import type { Artifact } from '../../render/artifact.ts';
import { json } from '../../render/json.ts';
import { namesIn } from '../data.ts';
import { deprecationTags } from '../deprecation-tags.ts';
import type { Tool } from '../tool.ts';
import { callers } from '../tracking-account.ts';
import { live } from './live.ts';
import { clientVariables, server } from './workloads.ts';

/** MLflow's spelling of our types, in a model's signature. */
const columnType: Record<ScalarType, string> = {
  bool: 'boolean',
  int32: 'integer',
  int64: 'long',
  float32: 'float',
  float64: 'double',
  string: 'string',
  timestamp: 'datetime',
};

/** A contract for each model, whose experiment and registered model have its name. */
const FOLDER = 'common/mlflow';

/** What a training run needs to know of MLflow: experiment, registered model, aliases and signature. */
export const mlflow = {
  name: 'mlflow',
  emitCommon: (ir) => ir.models.map(modelArtifact),
  workloads: (site) => [server(site)],
  shared: (site) => ({ variables: clientVariables(site), callers: callers(site.host) }),
  database: 'mlflow',
  live,
  data: [
    {
      kind: 'model',
      before: ['mlflow', 'mlflow/registered_model/'],
      asked: (compiled) => namesIn(compiled, FOLDER),
    },
    {
      kind: 'experiment',
      before: ['mlflow', 'mlflow/experiment/'],
      asked: (compiled) => namesIn(compiled, FOLDER),
    },
  ],
  ports: { mlflow: { title: 'MLflow', usual: 5000, embedded: true } },
  containers: () => ['mlflow'],
} satisfies Tool;

function modelArtifact(model: Model): Artifact {
  const content = json({
    model: model.name,
    experiment: { name: model.name, tags: { ...model.tags, owner: model.owner } },
    registered_model: {
      name: model.name,
      description: model.description,
      tags: { ...deprecationTags(model.deprecated), ...model.tags, owner: model.owner, task: model.task },
    },
    aliases: { champion: 'champion', challenger: 'challenger' },
    signature: {
      inputs: model.inputs.map(({ name, type, required }) => ({ name, type: columnType[type], required })),
      outputs: [{ name: model.output.name, type: columnType[model.output.type], required: true }],
    },
  });
  return { path: `common/mlflow/${model.name}.json`, content, origin: model.origin.file };
}
