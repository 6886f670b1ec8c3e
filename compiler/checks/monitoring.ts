import { defineCodes } from '../diagnostics/codes.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { spelling } from '../diagnostics/nearest.ts';
import { METRICS } from '../ir/model-metrics.ts';
import { type Declared, keyAt, referencesOf, valueAt } from '../link/declared.ts';
import type { Graph } from '../link/graph.ts';
import { reachOf, wholeDays } from '../resolve/prediction-log.ts';
import { defaults } from '../spec-schema/generated/defaults.ts';
import { seconds } from '../spec-schema/units.ts';
import type { Check } from './check.ts';
import { codes as nameCodes } from './unknown-names.ts';

const { codes, finding } = defineCodes(
  {
    MOD006: {
      severity: 'error',
      title: "The monitor does not fit the model's task",
      why: 'The metric is never computed for such a model, so its alert would never fire.',
      example: 'task: regression with monitoring: {quality: {roc_auc: {min: 0.7}}}',
      fix: 'Choose a metric that fits the task.',
    },
    MOD010: {
      severity: 'error',
      title: 'A monitor looks further back than predictions are kept',
      why: 'What it would measure is deleted before, so it judges fewer predictions than the spec says.',
      example: 'quality: {window: 60d} with log: {keep: 30d}',
      fix: 'Keep predictions longer, or shorten the window.',
    },
    OBS006: {
      severity: 'warning',
      title: 'Drift is judged on too few samples',
      why: 'Chance alone exceeds the limit, and people soon ignore the alert.',
      example: 'drift: {psi: 0.2, min_samples: 50}',
      fix: 'Require more samples.',
    },
  },
  { FEA001: nameCodes.FEA001 },
);

/** A model's monitors fit its task, watch inputs that it has, and have enough samples. */
export const monitoring: Check = {
  codes,
  run: (graph) =>
    [...graph.models.values()].flatMap((model) => [
      ...kinds(model),
      ...unknownIgnored(graph, model),
      ...forgotten(model),
      ...chance(model),
    ]),
};

function kinds(model: Declared<'Model'>): Finding[] {
  const { task, monitoring: stated } = model.value;
  const allowed: readonly string[] = METRICS[task];
  const metrics = Object.keys(stated?.quality ?? {}).filter((name) => name !== 'window' && name !== 'min_samples');
  return metrics
    .filter((metric) => !allowed.includes(metric))
    .map((metric) =>
      finding(
        'MOD006',
        keyAt(model, 'monitoring', 'quality', metric),
        `${metric} cannot be monitored on a ${task} model.`,
        {
          help: `the metrics of a ${task} model are ${allowed.join(', ')}`,
          related: [{ message: 'the task is set here', at: valueAt(model, 'task') }],
        },
      ),
    );
}

/** With a typo here, the monitor would silently keep watching what was meant to be left out. */
function unknownIgnored(graph: Graph, model: Declared<'Model'>): Finding[] {
  const request = Object.keys(model.value.request ?? {});
  const references = referencesOf(model).flatMap(({ view, feature }) => {
    const names = feature === '*' ? Object.keys(graph.views.get(view)?.value.features ?? {}) : [feature];
    return [`${view}.*`, ...names.map((name) => `${view}.${name}`)];
  });
  const known = [...new Set([...references, ...request])];
  return (model.value.monitoring?.drift?.ignore ?? []).flatMap((reference, index) =>
    known.includes(reference) || graph.broken.has(reference.split('.')[0] ?? '')
      ? []
      : [
          finding(
            'FEA001',
            valueAt(model, 'monitoring', 'drift', 'ignore', index),
            `Model ${model.name} has no input '${reference}'.`,
            spelling(
              reference,
              known,
              'name a feature as `view.feature`, all of a view as `view.*`, or a field of `request`',
            ),
          ),
        ],
  );
}

/** Without a word, what is kept follows from what is measured. */
function forgotten(model: Declared<'Model'>): Finding[] {
  const { label, monitoring: stated } = model.value;
  const keep = stated?.log?.keep;
  if (keep === undefined) return [];
  return (['drift', 'quality'] as const).flatMap((monitor) => {
    const reach = reachOf(model, monitor);
    if (reach <= seconds(keep)) return [];
    const own = stated?.[monitor]?.window;
    const window = own ?? defaults.Model.monitoring[monitor].window;
    const waits =
      monitor === 'quality' && label.horizon !== undefined ? `, and their labels come ${label.horizon} later` : '';
    return [
      finding(
        'MOD010',
        valueAt(model, 'monitoring', 'log', 'keep'),
        `The log of ${model.name} keeps predictions for ${keep}; its ${monitor} is measured on those of ` +
          `${window}${waits}.`,
        {
          help: `keep at least ${wholeDays(reach)}d, or shorten the window`,
          related:
            own === undefined
              ? []
              : [{ message: 'the window is set here', at: valueAt(model, 'monitoring', monitor, 'window') }],
        },
      ),
    ];
  });
}

const BINS = 10;

/**
 * Two samples of one distribution differ by chance: the PSI over B bins with n values has the mean
 * (B − 1) / n against a large reference, and twice that is not rare (B. Yurdakul 2018, "Statistical
 * properties of the population stability index": n × PSI goes to chi-square with B − 1 degrees).
 */
function chance(model: Declared<'Model'>): Finding[] {
  const drift = model.value.monitoring?.drift;
  const samples = drift?.min_samples;
  if (samples === undefined) return [];
  const limit = drift?.psi ?? defaults.Model.monitoring.drift.psi;
  const byChance = (2 * (BINS - 1)) / samples;
  if (byChance < limit) return [];
  const enough = Math.ceil((2 * (BINS - 1)) / limit) + 1;
  return [
    finding(
      'OBS006',
      valueAt(model, 'monitoring', 'drift', 'min_samples'),
      `With ${samples} samples, chance alone gives a PSI of ${byChance.toFixed(2)} ` +
        `(${BINS} bins: 2 × ${BINS - 1} / ${samples}), but the limit is ${limit}.`,
      {
        help: `require at least ${enough} samples`,
        fix: { title: `require ${enough} samples`, safe: true, edits: [{ from: null, to: String(enough) }] },
      },
    ),
  ];
}
