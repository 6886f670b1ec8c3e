import { named } from '../../ir/look-up.ts';
import type { Feature, Ir, Model, ScalarType } from '../../ir/types.ts';
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
    sources: sourcesOf(model, ir),
    defaultEnvironment: ir.environments[0]?.name ?? 'local',
    experiment: model.name,
    ...trainContext(model),
    ...labelContext(model, ir),
  };
}

function trainContext({ train, inputs, features, missingFeatures, maxMissing }: Model) {
  const rejected = inputs.filter(({ required }) => required || missingFeatures === 'reject');
  return {
    parameters: train.with,
    trainFile: train.file,
    function: train.function,
    types: Object.fromEntries(inputs.map(({ name, type }) => [name, dtype[type]])),
    required: rejected.map(({ name }) => name),
    maxMissing,
    features: features.map(({ input }) => input),
  };
}

const tableOf = (view: string, ir: Ir): string => named(ir.featureViews, view)?.batch.table ?? view;

function labelContext({ label, entities, request, features }: Model, ir: Ir) {
  return {
    label: label.column,
    table: label.table,
    tableFile: `${label.table}.parquet`,
    tables: [...new Set([label.table, ...features.map(({ view }) => tableOf(view, ir))])].sort(),
    timestamp: label.timestamp,
    horizon: duration(label.horizonSeconds),
    horizonDelta: call('pd.Timedelta', { seconds: literal(label.horizonSeconds) }),
    keys: entities.map(({ joinKey }) => joinKey),
    request: request.map(({ name }) => name),
  };
}

/** Inputs by the view that they come from, null for the request: git merges changes of two tables, not of two rows. */
function sourcesOf({ inputs, features, request }: Model, ir: Ir) {
  const types = new Map(inputs.map(({ name, type }) => [name, type]));
  const views = [...new Set(features.map(({ view }) => view))];
  const described = (name: string, declared: Declared | undefined) => {
    return { name, type: types.get(name), description: describe(declared) };
  };
  const ofViews = views.map((view) => ({
    view,
    inputs: features
      .filter((each) => each.view === view)
      .map(({ input, feature }) => described(input, featureOf(ir, view, feature))),
  }));
  const ofRequest = { view: null, inputs: request.map((field) => described(field.name, field)) };
  return [...ofViews, ofRequest].filter((source) => source.inputs.length > 0);
}

const featureOf = (ir: Ir, view: string, feature: string) =>
  named(named(ir.featureViews, view)?.features ?? [], feature);

type Declared = Pick<Feature, 'description' | 'unit'>;

function describe(declared: Declared | undefined): string {
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
