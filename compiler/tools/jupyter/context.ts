import type { Ir, Model, ModelInput, ScalarType } from '../../ir/types.ts';
import { call, literal } from '../../render/python-expression.ts';

export type NotebookContext = ReturnType<typeof notebookContext>;

/** pandas' spelling of our types. */
const dtype: Record<ScalarType, string> = {
  bool: 'bool',
  int32: 'int32',
  int64: 'int64',
  float32: 'float32',
  float64: 'float64',
  string: 'object',
  timestamp: 'datetime64[ns, UTC]',
};

export function notebookContext(model: Model, ir: Ir) {
  const { train } = model;
  return {
    name: model.name,
    title: model.name.replaceAll('_', ' '),
    description: model.description,
    owner: model.owner,
    spec: model.origin.file,
    task: model.task,
    metric: train.metric,
    inputs: model.inputs.map((input) => ({ ...input, description: describe(input, model, ir) })),
    defaultEnvironment: ir.environments[0]?.name ?? 'local',
    experiment: model.name,
    championUri: `models:/${model.name}@champion`,
    ...trainContext(model),
    ...labelContext(model),
  };
}

function trainContext({ train, inputs, missingFeatures }: Model) {
  const rejected = inputs.filter(({ required }) => required || missingFeatures === 'reject');
  return {
    parameters: train.with,
    trainFile: train.file,
    function: train.function,
    types: Object.fromEntries(inputs.map(({ name, type }) => [name, dtype[type]])),
    required: rejected.map(({ name }) => name),
  };
}

function labelContext({ label, entities, request }: Model) {
  return {
    label: label.column,
    table: label.table,
    tableFile: `${label.table}.parquet`,
    timestamp: label.timestamp,
    horizon: duration(label.horizonSeconds),
    horizonDelta: call('pd.Timedelta', { seconds: literal(label.horizonSeconds) }),
    keys: entities.map(({ joinKey }) => joinKey),
    request: request.map(({ name }) => name),
  };
}

function describe(input: ModelInput, model: Model, ir: Ir): string {
  const used = model.features.find((feature) => feature.input === input.name);
  const view = ir.featureViews.find(({ name }) => name === used?.view);
  const declared = [...(view?.features ?? []), ...model.request].find(
    ({ name }) => name === (used?.feature ?? input.name),
  );
  const unit = declared?.unit ? ` In ${declared.unit}.` : '';
  return `${declared?.description ?? ''}${unit}`.trim();
}

/** `2 hours`: in the largest unit that counts it whole. */
function duration(seconds: number): string {
  const units: [string, number][] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ];
  const [unit, size] = units.find(([, size]) => seconds % size === 0) ?? ['second', 1];
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
