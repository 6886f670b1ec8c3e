import { OperationError } from '../diagnostics/operation-error.ts';
import type { ScalarType } from '../ir/types.ts';
import { type Declared, isOnline, tableOf } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { columnsOf, isNumber, keysOf, numbersIn, tablesOf, timesIn } from './known.ts';
import { flowMap, folderOf, lines, said, schemaLine, yaml } from './text.ts';
import type { Files, Proposal, Wanted } from './wanted.ts';

interface Facts {
  table: string;
  label: string;
  timestamp: string;
  task: 'regression' | 'classification';
  /** As the spec lists them. */
  features: string[];
  /** Columns that the function gets. */
  inputs: string[];
  online: boolean;
}

export function model(wanted: Wanted, graph: Graph): Proposal {
  const { fromTable: table, label } = wanted;
  if (table === null)
    return { question: { option: 'from-table', asks: 'Which table has the outcomes?', choices: tablesFor(graph) } };
  const columns = columnsOf(table, graph);
  if (label === null) {
    const choices = [...columns].filter(([, type]) => type === 'bool').map(([name]) => name);
    return {
      question: {
        option: 'label',
        asks: 'Which column is predicted?',
        choices: [...numbersIn(columns, graph), ...choices],
      },
    };
  }
  const times = timesIn(columns);
  const timestamp = wanted.timestamp ?? (times.length === 1 ? (times[0] ?? null) : null);
  if (timestamp === null)
    return { question: { option: 'timestamp', asks: 'When is the outcome known?', choices: times } };
  const views = viewsFor(table, wanted.views, graph);
  const used = views
    .map((view) => ({ view, features: inputsOf(view, table, label) }))
    .filter(({ features }) => features.length > 0);
  if (used.length === 0) throw new OperationError(withoutFeatures(wanted, table, graph));
  const facts = {
    table,
    label,
    timestamp,
    task: taskOf(label, columns.get(label)),
    features: used.flatMap(({ view, features }) => referencesTo(view, features)),
    inputs: used.flatMap(({ features }) => features),
    online: used.every(({ view }) => isOnline(view)),
  };
  return { candidates: every(wanted, facts, graph) };
}

/** Those that can be joined to a view. */
const tablesFor = (graph: Graph): string[] =>
  tablesOf(graph).filter(
    (table) => timesIn(columnsOf(table, graph)).length > 0 && viewsFor(table, null, graph).length > 0,
  );

/** Views whose keys the table has. */
function viewsFor(table: string, stated: readonly string[] | null, graph: Graph): Declared<'FeatureView'>[] {
  const columns = columnsOf(table, graph);
  return [...graph.views.values()].filter(
    (view) =>
      (stated === null || stated.includes(view.name)) &&
      keysOf(view, graph).every(([key, type]) => columns.get(key) === type),
  );
}

/** Numbers that are nobody's personal data, and not the outcome itself. */
const inputsOf = (view: Declared<'FeatureView'>, table: string, label: string): string[] =>
  Object.entries(view.value.features)
    .filter(
      ([name, { type, personal }]) =>
        isNumber(type) && personal !== true && !(tableOf(view) === table && name === label),
    )
    .map(([name]) => name);

const referencesTo = (view: Declared<'FeatureView'>, features: readonly string[]): string[] =>
  features.length === Object.keys(view.value.features).length
    ? [`${view.name}.*`]
    : features.map((name) => `${view.name}.${name}`);

function taskOf(label: string, type: ScalarType | undefined): Facts['task'] {
  if (type === 'bool') return 'classification';
  if (type !== undefined && isNumber(type)) return 'regression';
  throw new OperationError(
    `'${label}' is ${type === undefined ? 'no column of that table' : `a ${type}`}, and a model predicts a number ` +
      'or one of two classes: a column of numbers, or of type bool.',
  );
}

const withoutFeatures = ({ name, views }: Wanted, table: string, graph: Graph): string => {
  const entities = [...graph.entities.keys()].sort();
  return (
    `No ${views === null ? 'feature view' : `view of ${views.join(', ')}`} has features with numbers and ` +
    `a key that the table '${table}' has, so model '${name}' would have nothing to learn from. ` +
    `\`mlops new view NAME --entity ${entities[0] ?? 'ENTITY'} --from-table ${table}\` makes one.`
  );
};

/** Fewer promises where a view's windows, or an environment, do not let the first ones be kept. */
function every(wanted: Wanted, facts: Facts, graph: Graph): Files[] {
  const folder = `${folderOf('models', wanted)}/${wanted.name}`;
  const path = `${folder}/model.yaml`;
  const schema = schemaLine(path, 'model', graph);
  const rest: [string, string][] = [
    [`${folder}/train.py`, code(wanted.name, facts.task)],
    [`${folder}/test_train.py`, tests(facts)],
  ];
  const online = facts.online ? ['{timeout: 2s}', PROMISING, null] : [null];
  return online.flatMap((api) =>
    ['1h', '1d', '7d'].map((horizon) => new Map([[path, spec(wanted.name, facts, horizon, api, schema)], ...rest])),
  );
}

const PROMISING = '{timeout: 2s, latency_p99: 500ms, availability: 99%}';
const METRICS = { regression: 'rmse', classification: 'roc_auc' };

const spec = (name: string, facts: Facts, horizon: string, online: string | null, schema: string): string =>
  lines(
    schema,
    'kind: Model',
    `description: Predicts ${said(facts.label)} of ${said(facts.table)}, as ${said(name)}.`,
    `task: ${facts.task}`,
    `label: ${flowMap(
      [
        ['table', yaml(facts.table)],
        ['column', yaml(facts.label)],
        ['timestamp', yaml(facts.timestamp)],
        ['horizon', horizon],
      ],
      '  ',
    )}`,
    'features:',
    ...facts.features.map((each) => `  - ${each.endsWith('*') ? `"${each}"` : each}`),
    'train:',
    '  run: train.py:fit',
    '  holdout: 7d',
    `  metric: ${METRICS[facts.task]}`,
    '  promote_if: {beats: [baseline, champion], by: 1%}',
    'serving:',
    '  missing_features: allow',
    online === null ? null : `  online: ${online}`,
    `  batch: {entities: ${yaml(facts.table)}, window: 1d}`,
  );

const ESTIMATORS = { regression: 'HistGradientBoostingRegressor', classification: 'HistGradientBoostingClassifier' };

function code(name: string, task: Facts['task']): string {
  const estimator = ESTIMATORS[task];
  return lines(
    `"""How ${said(name)} is fitted."""`,
    '',
    'from __future__ import annotations',
    '',
    'import pandas as pd',
    `from sklearn.ensemble import ${estimator}`,
    '',
    '',
    `def fit(X: pd.DataFrame, y: pd.Series) -> ${estimator}:`,
    '    """Trees take missing features as they are."""',
    `    return ${estimator}(max_iter=100, early_stopping=False, random_state=0).fit(X, y)`,
  );
}

function tests({ task, inputs }: Facts): string {
  const isClass = task === 'classification';
  return lines(
    '"""The training function alone, on made-up rows."""',
    '',
    'from __future__ import annotations',
    '',
    'import numpy as np',
    'import pandas as pd',
    '',
    'INPUTS = [',
    ...inputs.map((name) => `    "${name}",`),
    ']',
    '',
    '',
    'def test_it_learns_from_rows_with_missing_features(team_module) -> None:',
    '    random = np.random.default_rng(0)',
    '    rows = pd.DataFrame(random.normal(size=(1000, len(INPUTS))), columns=INPUTS)',
    isClass ? '    outcome = rows[INPUTS[0]] > 0' : '    outcome = rows[INPUTS[0]] * 2',
    '    rows.loc[::7, INPUTS[0]] = np.nan',
    '',
    '    predicted = team_module("train.py").fit(rows, outcome).predict(rows)',
    '',
    isClass
      ? '    assert (predicted == outcome).mean() > 0.8'
      : '    assert np.abs(predicted - outcome).mean() < np.abs(outcome - outcome.mean()).mean() / 2',
  );
}
