import { monitor } from '../../../ir/metrics.ts';
import { METRICS } from '../../../ir/model-metrics.ts';
import type { Metric, Model } from '../../../ir/types.ts';
import { all, duration, figure, home, lines, type Page, type Panel, type Row, selector } from '../../page.ts';

export function modelPage(model: Model): Page {
  const { name, description, origin, online, features, task } = model;
  const views = [...new Set(features.map(({ view }) => view))];
  return {
    kind: 'model',
    name,
    title: `Model ${name}`,
    description,
    origin: origin.file,
    links: [
      home,
      ...(online ? [{ title: 'Online API', kind: 'api' as const, name }] : []),
      ...views.map((view) => ({ title: view, kind: 'view' as const, name: view })),
    ],
    rows: [
      now(model),
      { title: 'Performance', panels: METRICS[task].map((metric) => performance(model, metric)) },
      drift(model),
    ],
  };
}

function now({ name, monitoring: { drift: watched, quality } }: Model): Row {
  const about = { model: name };
  const window = duration(watched.windowSeconds);
  return {
    title: 'Now',
    panels: [
      figure({
        title: 'Predictions in the window',
        description: `Below ${watched.minSamples}, drift is not measured.`,
        unit: 'short',
        width: 6,
        limit: { value: watched.minSamples, isFloor: true },
        queries: all(selector(monitor.driftSamples.name, about), ''),
      }),
      figure({
        title: 'Highest input drift',
        description: `Population stability index of the input that drifted most, over ${window}.`,
        unit: 'short',
        width: 6,
        decimals: 2,
        limit: { value: watched.psi },
        queries: all(`max(${selector(monitor.inputPsi.name, about)})`, ''),
      }),
      figure({
        title: 'Predictions with labels',
        description: 'The predictions that performance is measured on.',
        unit: 'short',
        width: 6,
        limit: { value: quality.minSamples, isFloor: true },
        queries: all(selector(monitor.performanceSamples.name, about), ''),
      }),
      figure({
        title: 'Age of the newest label',
        description: 'Beyond the window, performance cannot be measured.',
        unit: 's',
        width: 6,
        limit: { value: quality.windowSeconds },
        queries: all(selector(monitor.labelsAge.name, about), ''),
      }),
    ],
  };
}

function performance({ name, monitoring: { quality } }: Model, metric: Metric): Panel {
  const about = { model: name, metric };
  const stated = quality.limits.find((each) => each.metric === metric);
  const bound = stated ? (stated.max ?? stated.min) : null;
  return lines({
    title: `Performance: ${metric}`,
    description:
      `On labelled predictions of the last ${duration(quality.windowSeconds)}, ` +
      'beside the naive baseline on the champion’s holdout.',
    unit: 'short',
    width: 8,
    limit: bound === null ? null : { value: bound, isFloor: stated?.max === null },
    queries: [
      { expr: selector(monitor.performance.name, about), legend: 'model' },
      { expr: selector(monitor.performanceBaseline.name, about), legend: 'naive baseline' },
    ],
  });
}

function drift({ name, monitoring: { drift: watched } }: Model): Row {
  const window = duration(watched.windowSeconds);
  const about = { model: name };
  const limit = { value: watched.psi };
  return {
    title: 'Drift',
    panels: [
      lines({
        title: 'Inputs: population stability index',
        description: `Compared with the rows that the champion was trained on, over ${window}.`,
        unit: 'short',
        min: 0,
        limit,
        queries: all(selector(monitor.inputPsi.name, about), '{{input}}'),
      }),
      lines({
        title: 'Inputs: Kolmogorov-Smirnov',
        description: 'Largest distance between the two distribution functions.',
        unit: 'short',
        min: 0,
        queries: all(selector(monitor.inputKs.name, about), '{{input}}'),
      }),
      lines({
        title: 'Missing features',
        description: `Share of the predictions of ${window} that were made without the feature.`,
        unit: 'percentunit',
        min: 0,
        queries: all(selector(monitor.inputMissing.name, about), '{{input}}'),
      }),
      lines({
        title: 'Predictions',
        description: 'Compared with the champion’s predictions on its holdout.',
        unit: 'short',
        min: 0,
        limit,
        queries: [
          { expr: selector(monitor.predictionPsi.name, about), legend: 'population stability index' },
          { expr: selector(monitor.predictionKs.name, about), legend: 'Kolmogorov-Smirnov' },
        ],
      }),
    ],
  };
}
