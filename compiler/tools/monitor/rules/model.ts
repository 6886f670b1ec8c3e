/** What the monitor measures of a model: drift of its inputs and predictions, and how well it predicted. */
import { monitor } from '../../../ir/metrics.ts';
import type { Model, QualityLimit } from '../../../ir/types.ts';
import { type AlertRule, alertFile, duration, firesAndNot, type RuleFile, selector } from '../../rule.ts';
import { MEASURED_AGAIN, threshold } from '../../threshold.ts';

export const monitorFile = (model: Model): RuleFile =>
  alertFile(`monitor_${model.name}`, `monitor of ${model.name}`, model.origin.file, [
    ...inputDrift(model),
    predictionDrift(model),
    ...performance(model),
    labelsLate(model),
  ]);

/** One alert for all inputs: its label says which of them has drifted. */
function inputDrift({ name, owner, inputs, monitoring: { drift } }: Model): AlertRule[] {
  const watched = inputs.filter((input) => !drift.ignore.includes(input.name));
  if (!watched[0]) return [];
  return [
    threshold({
      alert: 'InputDrift',
      metric: monitor.inputPsi.name,
      labels: { model: name },
      shown: { model: name, input: watched[0].name },
      sign: '>',
      limit: drift.psi,
      forSeconds: MEASURED_AGAIN,
      owner,
      subject: { model: name },
      summary: `${name}: the input {{ $labels.input }} has drifted from its training rows`,
      description: `Its population stability index over ${duration(drift.windowSeconds)} is above ${drift.psi}.`,
    }),
  ];
}

function predictionDrift({ name, owner, monitoring: { drift } }: Model): AlertRule {
  return threshold({
    alert: 'PredictionDrift',
    metric: monitor.predictionPsi.name,
    labels: { model: name },
    sign: '>',
    limit: drift.psi,
    forSeconds: MEASURED_AGAIN,
    owner,
    subject: { model: name },
    summary: `${name}: its predictions have drifted from those on its holdout`,
    description: `Their population stability index over ${duration(drift.windowSeconds)} is above ${drift.psi}.`,
  });
}

function labelsLate({ name, owner, monitoring: { quality } }: Model): AlertRule {
  return threshold({
    alert: 'LabelsLate',
    metric: monitor.labelsAge.name,
    labels: { model: name },
    sign: '>',
    limit: quality.windowSeconds,
    forSeconds: 300,
    owner,
    subject: { model: name },
    summary: `${name}: no label for ${duration(quality.windowSeconds)}`,
    description: 'Recent predictions cannot be judged: whatever writes the label has stopped, or is late.',
  });
}

/** The limits that the spec states; a model without any has to be better than its naive baseline. */
function performance(model: Model): AlertRule[] {
  const { limits } = model.monitoring.quality;
  return limits.length > 0 ? limits.flatMap((limit) => beyond(model, limit)) : [belowBaseline(model)];
}

function beyond({ name, owner, monitoring }: Model, { metric, min, max }: QualityLimit): AlertRule[] {
  const window = duration(monitoring.quality.windowSeconds);
  const alert = (sign: '>' | '<', word: string, limit: number): AlertRule =>
    threshold({
      alert: 'ModelPerformance',
      metric: monitor.performance.name,
      labels: { model: name, metric },
      sign,
      limit,
      forSeconds: MEASURED_AGAIN,
      owner,
      subject: { model: name, metric },
      summary: `${name}: its ${metric} is ${word} ${limit}`,
      description: `On labelled predictions of the last ${window}.`,
    });
  return [...(max === null ? [] : [alert('>', 'above', max)]), ...(min === null ? [] : [alert('<', 'below', min)])];
}

function belowBaseline({ name, owner, train: { metric, goal } }: Model): AlertRule {
  const labels = { model: name, metric };
  const now = selector(monitor.performance.name, labels);
  const naive = selector(monitor.performanceBaseline.name, labels);
  const [worse, better] = goal === 'minimize' ? [3, 1] : [1, 3];
  const series = (value: number) => ({ [now]: `${value}x20`, [naive]: '2x20' });
  return {
    alert: 'ModelPerformance',
    expr: `${now} ${goal === 'minimize' ? '>' : '<'} ${naive}`,
    forSeconds: MEASURED_AGAIN,
    severity: 'ticket',
    owner,
    subject: labels,
    summary: `${name}: its ${metric} is no better than the naive baseline's`,
    description: 'On labelled predictions, compared with the baseline on the champion’s holdout.',
    tests: firesAndNot(
      15,
      { name: `${name}: worse than the baseline fires`, series: series(worse) },
      { name: `${name}: better than the baseline is quiet`, series: series(better) },
    ),
  };
}
