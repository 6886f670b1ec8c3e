import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { GOALS, METRICS } from '../ir/model-metrics.ts';
import { type Declared, featuresOf, referencesOf, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { codes as specCodes } from '../spec-schema/codes.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes(
  {
    MOD005: {
      severity: 'error',
      title: 'The promotion metric does not fit the task',
      why: 'The metric is never computed for such a model.',
      example: 'task: regression with metric: roc_auc',
      fix: 'Choose a metric that fits the task.',
    },
    MOD009: {
      severity: 'error',
      title: 'The label does not fit the task',
      why: "The task's metrics cannot be computed from it.",
      example: 'task: regression with a label column of type string',
      fix: 'Change the task, or choose another column.',
    },
  },
  { SPC009: specCodes.SPC009 },
);

/** A model's parts fit together. */
export const models: Check = {
  codes,
  run: (graph) =>
    [...graph.models.values()].flatMap((model) => [
      ...metric(model),
      ...labelType(graph, model),
      ...twice(graph, model),
    ]),
};

/** A classifier tells two classes apart: true or 1 from false or 0. */
const LABELS = {
  regression: ['int32', 'int64', 'float32', 'float64'],
  classification: ['bool', 'int32', 'int64'],
} as const;

function labelType(graph: Graph, model: Declared<'Model'>): Finding[] {
  const { task, label } = model.value;
  const declared = graph.tables.get(label.table)?.writes.find(({ columns }) => columns);
  const type = declared?.columns?.[label.column];
  const allowed: readonly string[] = LABELS[task];
  if (type === undefined || allowed.includes(type)) return [];
  return [
    finding(
      'MOD009',
      valueAt(model, 'label', 'column'),
      `The label of a ${task} model must be one of ${allowed.join(', ')}, but column '${label.column}' is ${type}.`,
      {
        help:
          task === 'classification' && type === 'string'
            ? 'write a bool column that is true for the class to predict; classification has two classes'
            : 'change the task, or choose another column',
        related: [
          { message: 'the column is declared here', at: declared?.columnAt?.(label.column) ?? valueAt(model, 'label') },
        ],
      },
    ),
  ];
}

function metric(model: Declared<'Model'>): Finding[] {
  const { task, train } = model.value;
  const allowed: readonly string[] = METRICS[task];
  if (allowed.includes(train.metric)) return direction(model);
  return [
    finding(
      'MOD005',
      valueAt(model, 'train', 'metric'),
      `The metric ${train.metric} is never computed for a ${task} model.`,
      {
        help: `the metrics of a ${task} model are ${allowed.join(', ')}`,
        related: [{ message: 'the task is set here', at: valueAt(model, 'task') }],
      },
    ),
  ];
}

function direction(model: Declared<'Model'>): Finding[] {
  const { metric: name, goal } = model.value.train;
  const right = GOALS[name];
  if (goal === undefined || goal === right) return [];
  return [
    finding(
      'MOD005',
      valueAt(model, 'train', 'goal'),
      `The goal is to ${goal} ${name}, but ${right === 'minimize' ? 'smaller' : 'larger'} values are better.`,
      {
        help: `write \`goal: ${right}\``,
        fix: { title: `write '${right}'`, safe: true, edits: [{ from: goal, to: right }] },
        related: [{ message: 'the metric is set here', at: valueAt(model, 'train', 'metric') }],
      },
    ),
  ];
}

function twice(graph: Graph, model: Declared<'Model'>): Finding[] {
  const first = new Map<string, number>();
  return referencesOf(model).flatMap(({ view, feature, index }) => {
    const all = featuresOf(graph, view, feature);
    const clash = all.find((each) => first.has(`${view}.${each}`));
    for (const each of all) first.set(`${view}.${each}`, first.get(`${view}.${each}`) ?? index);
    return clash === undefined
      ? []
      : [
          finding('SPC009', valueAt(model, 'features', index), `Feature ${view}.${clash} is listed twice.`, {
            help: 'remove one of them',
            related: [
              {
                message: 'it is first listed here',
                at: valueAt(model, 'features', first.get(`${view}.${clash}`) ?? 0),
              },
            ],
          }),
        ];
  });
}
