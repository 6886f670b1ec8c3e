import { type Finding, finding } from '../../diagnostics/diagnostic.ts';
import type { Check } from '../check.ts';
import { type Declared, type Graph, keyAt, referencesOf, valueAt } from '../graph.ts';

const METRICS = { regression: ['rmse', 'mae', 'r2'], classification: ['log_loss', 'roc_auc', 'accuracy', 'f1'] } as const;

/** MOD005, SRV003, FEA007, FEA001: a model's parts fit together. */
export const models: Check = {
  codes: ['MOD005', 'SRV003', 'FEA007', 'SPC009'],
  run: (graph) =>
    [...graph.models.values()].flatMap((model) => [...metric(model), ...offline(graph, model), ...leaks(model), ...twice(graph, model)]),
};

function metric(model: Declared<'Model'>): Finding[] {
  const { task, train } = model.value;
  const allowed: readonly string[] = METRICS[task];
  if (allowed.includes(train.metric)) return [];
  return [
    finding('MOD005', valueAt(model, 'train', 'metric'), `The metric ${train.metric} is never computed for a ${task} model.`, {
      help: `the metrics of a ${task} model are ${allowed.join(', ')}`,
      related: [{ message: 'the task is stated here', at: valueAt(model, 'task') }],
    }),
  ];
}

function offline(graph: Graph, model: Declared<'Model'>): Finding[] {
  if (!model.value.serving?.online) return [];
  const seen = new Set<string>();
  return referencesOf(model).flatMap(({ view, index }) => {
    const declared = graph.views.get(view);
    if (declared?.value.online !== false || seen.has(view)) return [];
    seen.add(view);
    return [
      finding(
        'SRV003',
        valueAt(model, 'features', index),
        `Model ${model.name} is served online, and feature view ${view} is not kept online.`,
        { related: [{ message: 'it is taken offline here', at: valueAt(declared, 'online') }] },
      ),
    ];
  });
}

function leaks(model: Declared<'Model'>): Finding[] {
  const { label, request } = model.value;
  return [label.column, label.timestamp].flatMap((column) =>
    Object.hasOwn(request ?? {}, column) && column === label.column
      ? [
          finding('FEA007', keyAt(model, 'request', column), `'${column}' is the label itself: the model would be given the answer.`, {
            help: 'remove it from the request',
          }),
        ]
      : [],
  );
}

function twice(graph: Graph, model: Declared<'Model'>): Finding[] {
  const first = new Map<string, number>();
  return referencesOf(model).flatMap(({ view, feature, index }) => {
    const all = feature === '*' ? Object.keys(graph.views.get(view)?.value.features ?? {}) : [feature];
    const clash = all.find((each) => first.has(`${view}.${each}`));
    for (const each of all) first.set(`${view}.${each}`, first.get(`${view}.${each}`) ?? index);
    return clash === undefined
      ? []
      : [
          finding('SPC009', valueAt(model, 'features', index), `Feature ${view}.${clash} is listed twice.`, {
            help: 'remove one of the two',
            related: [{ message: 'first listed here', at: valueAt(model, 'features', first.get(`${view}.${clash}`) ?? 0) }],
          }),
        ];
  });
}
