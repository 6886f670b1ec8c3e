import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { type Declared, featuresOf, keyAt, referencesOf, tableOf, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { writesOf } from '../resolve/steps.ts';
import { duration, seconds, spoken } from '../spec-schema/units.ts';
import type { Check } from './check.ts';

const { codes, finding } = defineCodes({
  FEA007: {
    severity: 'error',
    judgement: true,
    title: 'The label is used as a feature',
    why: 'The model would see the answer in training, but not in production.',
    example: 'request: {dep_delay: …} with label.column dep_delay',
    fix: 'Remove it from the inputs.',
  },
  FEA008: {
    severity: 'error',
    judgement: true,
    title: "A feature's window reaches into the outcome",
    why: 'The feature counts events that are part of what is predicted: excellent in training, useless in production.',
    example: 'label: {timestamp: left_at, window: 30d, horizon: 1d} with a feature of the same table',
    fix: 'Make `label.horizon` at least as long as `label.window`.',
  },
});

/** A model gets nothing that becomes known only with its label. */
export const leakage: Check = {
  codes,
  run: (graph) => [...graph.models.values()].flatMap((model) => [...answers(graph, model), ...overlap(graph, model)]),
};

function answers(graph: Graph, model: Declared<'Model'>): Finding[] {
  const { label, request } = model.value;
  const late = new Map<string, Finding['related']>([[label.column, []]]);
  for (const [index, column] of (label.known_after ?? []).entries())
    late.set(column, [
      { message: 'declared here as known only after the outcome', at: valueAt(model, 'label', 'known_after', index) },
    ]);
  const is = (column: string): string =>
    column === label.column ? 'is the label itself' : 'is known only after the outcome';
  const leak = (at: Finding['at'], name: string, column: string): Finding =>
    finding('FEA007', at, `${name} ${is(column)}: the model would see the answer.`, {
      help: 'remove it from the inputs',
      related: late.get(column) ?? [],
    });
  const asked = Object.keys(request ?? {}).flatMap((column) =>
    late.has(column) ? [leak(keyAt(model, 'request', column), `'${column}'`, column)] : [],
  );
  const joined = referencesOf(model).flatMap(({ view: name, feature, index }) => {
    const view = graph.views.get(name);
    if (!view || tableOf(view) !== label.table) return [];
    return featuresOf(graph, name, feature)
      .filter((column) => late.has(column))
      .map((column) => leak(valueAt(model, 'features', index), `Feature ${name}.${column}`, column));
  });
  return [...asked, ...joined];
}

/**
 * A prediction is made `horizon` before the label's timestamp t; the outcome covers [t − window, t]. A
 * feature that aggregates the label's own table up to the prediction shares events with the outcome
 * where the horizon is shorter than the window (or, for an outcome of one moment, zero).
 */
function overlap(graph: Graph, model: Declared<'Model'>): Finding[] {
  const { label } = model.value;
  const horizon = label.horizon === undefined ? 0 : seconds(label.horizon);
  const window = label.window === undefined ? 0 : seconds(label.window);
  if (window === 0 ? horizon > 0 : horizon >= window) return [];
  const derived = tablesFrom(graph, label.table);
  const summed = referencesOf(model).flatMap(({ view: name, feature }) => {
    const view = graph.views.get(name);
    if (!view || !derived.has(tableOf(view))) return [];
    return featuresOf(graph, name, feature).flatMap((each) => {
      const stated = view.value.features[each]?.window;
      return stated === undefined ? [] : [{ view, feature: each, window: stated }];
    });
  });
  const [first] = summed;
  if (!first) return [];
  const covers =
    `${first.view.name}.${first.feature} covers the ${first.window} ` +
    `of table ${label.table} before the prediction, which is made`;
  const outcome =
    window === 0
      ? "at the moment of the outcome ('label' has no horizon)"
      : `${horizon === 0 ? 'at' : `${spoken(horizon)} before`} ${label.timestamp}; the outcome covers ` +
        `the ${spoken(window)} before it, so ${spoken(window - horizon)} are in both`;
  return [
    finding(
      'FEA008',
      window === 0 ? keyAt(model, 'label') : valueAt(model, 'label', 'window'),
      `${covers} ${outcome}.`,
      {
        help:
          window === 0
            ? 'add `horizon`: how long before the outcome the prediction is made'
            : `make the horizon at least ${duration(window)}`,
        related: [
          {
            message: "the feature's window is set here",
            at: valueAt(first.view, 'features', first.feature, 'window'),
          },
        ],
      },
    ),
  ];
}

const tablesMade = new WeakMap<Graph, ReadonlyMap<string, readonly string[]>>();

/** Table → the tables written by the steps that read it. */
function madeOf(graph: Graph): ReadonlyMap<string, readonly string[]> {
  const known = tablesMade.get(graph);
  if (known) return known;
  const made = new Map<string, string[]>();
  for (const { value } of graph.pipelines.values())
    for (const step of Object.values(value.steps))
      for (const read of step.reads ?? []) {
        const tables = made.get(read) ?? [];
        made.set(read, tables);
        tables.push(...writesOf(step));
      }
  tablesMade.set(graph, made);
  return made;
}

/** A table and all tables that steps derive from it. */
function tablesFrom(graph: Graph, table: string): Set<string> {
  const made = madeOf(graph);
  const found = new Set([table]);
  // A set's iterator also visits what is added on the way.
  for (const each of found) for (const next of made.get(each) ?? []) found.add(next);
  return found;
}
