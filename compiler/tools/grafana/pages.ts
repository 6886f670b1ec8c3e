/** What each dashboard shows. Limits come from where the alerts have theirs. */
import { monitor, serving, stream } from '../../ir/metrics.ts';
import type { FeatureView, Ir, Model, OwnDashboard } from '../../ir/types.ts';
import { promqlDuration as duration, promqlSelector as selector } from '../../render/promql.ts';
import { objectivesOf, recorded } from '../objectives.ts';
import type { Page } from './dashboard.ts';
import type { Panel, Row } from './panels.ts';

/** As wide as Grafana's resolution asks for, and never narrower than four scrapes. */
const RATE = '[$__rate_interval]';
const rate = (metric: string, labels: Record<string, string>): string => `rate(${selector(metric, labels)}${RATE})`;
const lines = (rest: Omit<Panel, 'kind' | 'width'> & { width?: number }): Panel => ({
  kind: 'lines',
  width: 12,
  ...rest,
});
const figure = (rest: Omit<Panel, 'kind' | 'width'> & { width?: number }): Panel => ({
  kind: 'number',
  width: 4,
  ...rest,
});
const all = (expr: string, legend: string) => [{ expr, legend }];

export function pagesOf(ir: Ir): Page[] {
  return [
    platformPage(ir),
    pipelinesPage(),
    featuresPage(ir),
    ...ir.featureViews.map(viewPage),
    ...ir.models.map(modelPage),
    ...ir.models.filter(({ online }) => online !== null).map(apiPage),
    ...ir.dashboards.map(teamPage),
  ];
}

const home = { title: 'Platform', kind: 'platform', name: null } as const;

function platformPage(ir: Ir): Page {
  const models = ir.models.map(({ name }) => ({ title: `Model ${name}`, kind: 'model' as const, name }));
  const used = 'node_filesystem_avail_bytes{fstype!~"tmpfs|overlay|squashfs"} / node_filesystem_size_bytes';
  return {
    kind: 'platform',
    name: null,
    title: `Platform ${ir.platform.name}`,
    description: ir.platform.description,
    origin: ir.platform.origin.file,
    links: [
      { title: 'Pipelines', kind: 'pipelines', name: null },
      { title: 'Features', kind: 'features', name: null },
      ...models,
    ],
    rows: [
      {
        title: 'Now',
        panels: [
          figure({
            title: 'Targets down',
            description: 'Parts that Prometheus cannot reach.',
            unit: 'short',
            limit: { value: 1 },
            queries: all('count(up == 0) or vector(0)', ''),
          }),
          figure({
            title: 'Alerts firing',
            description: 'Pages and tickets together.',
            unit: 'short',
            limit: { value: 1 },
            queries: all('count(ALERTS{alertstate="firing"}) or vector(0)', ''),
          }),
          figure({
            title: 'APIs ready',
            description: 'Online APIs that can predict.',
            unit: 'short',
            queries: all(`sum(${selector(serving.ready.name)})`, ''),
          }),
          figure({
            title: 'CPU',
            description: 'Share of all cores that is busy.',
            unit: 'percentunit',
            limit: { value: 0.9 },
            queries: all(`1 - avg(rate(node_cpu_seconds_total{mode="idle"}[5m]))`, ''),
          }),
          figure({
            title: 'Memory available',
            description: 'Below a twentieth the kernel soon ends a process.',
            unit: 'percentunit',
            limit: { value: 0.05, isFloor: true },
            queries: all('node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes', ''),
          }),
          figure({
            title: 'Fullest disk, free',
            description: 'Of the host’s own file systems.',
            unit: 'percentunit',
            limit: { value: 0.2, isFloor: true },
            queries: all(`min(${used})`, ''),
          }),
        ],
      },
      {
        title: 'Host',
        panels: [
          lines({
            title: 'CPU by mode',
            description: 'Cores that are busy, by what with.',
            unit: 'short',
            queries: all(`sum by (mode) (rate(node_cpu_seconds_total{mode!="idle"}${RATE}))`, '{{mode}}'),
          }),
          lines({
            title: 'Memory',
            description: 'Available to programs, and in all.',
            unit: 'bytes',
            min: 0,
            queries: [
              { expr: 'node_memory_MemAvailable_bytes', legend: 'available' },
              { expr: 'node_memory_MemTotal_bytes', legend: 'total' },
            ],
          }),
          lines({
            title: 'Disk, free',
            description: 'Share of each file system that is free.',
            unit: 'percentunit',
            min: 0,
            queries: all(used, '{{mountpoint}}'),
          }),
          lines({
            title: 'Targets',
            description: '1 where Prometheus reaches a part.',
            unit: 'short',
            min: 0,
            queries: all('min by (job) (up)', '{{job}}'),
          }),
        ],
      },
      {
        title: 'Monitor',
        panels: [
          lines({
            title: 'Since a monitor last measured',
            description: 'Beyond a quarter of an hour an alert says so.',
            unit: 's',
            limit: { value: 900 },
            queries: all(`time() - ${selector(monitor.lastSuccess.name)}`, '{{monitor}}'),
          }),
          lines({
            title: 'Monitors that failed',
            description: 'Runs a second that ended with an error.',
            unit: 'short',
            min: 0,
            queries: all(rate(monitor.failures.name, {}), '{{monitor}}'),
          }),
        ],
      },
    ],
  };
}

function pipelinesPage(): Page {
  const success = selector(monitor.pipelineSuccess.name);
  return {
    kind: 'pipelines',
    name: null,
    title: 'Pipelines',
    description: 'How each pipeline ended last, when it was last well, and how long it takes.',
    origin: null,
    links: [home],
    rows: [
      {
        title: 'Last runs',
        panels: [
          figure({
            title: 'Failed',
            description: 'Pipelines whose last run failed.',
            unit: 'short',
            width: 8,
            limit: { value: 1 },
            queries: all(`sum(${selector(monitor.pipelineResult.name, { result: 'failed' })})`, ''),
          }),
          figure({
            title: 'Refused',
            description: 'Pipelines whose last candidate the gate refused: its work, and no fault.',
            unit: 'short',
            width: 8,
            queries: all(`sum(${selector(monitor.pipelineResult.name, { result: 'refused' })})`, ''),
          }),
          figure({
            title: 'Well',
            description: 'Pipelines whose last run did what it was meant to.',
            unit: 'short',
            width: 8,
            queries: all(`sum(${selector(monitor.pipelineResult.name, { result: 'success' })})`, ''),
          }),
          lines({
            title: 'Since the last good run',
            description: 'A refusal by the gate counts as good.',
            unit: 's',
            min: 0,
            queries: all(`time() - ${success}`, '{{pipeline}}'),
          }),
          lines({
            title: 'Duration',
            description: 'Of the last run that ended.',
            unit: 's',
            min: 0,
            queries: all(selector(monitor.pipelineDuration.name), '{{pipeline}}'),
          }),
        ],
      },
    ],
  };
}

function featuresPage({ featureViews }: Ir): Page {
  return {
    kind: 'features',
    name: null,
    title: 'Features',
    description: 'All feature views: how fresh, how many rows, how complete.',
    origin: null,
    links: [home, ...featureViews.map(({ name }) => ({ title: name, kind: 'view' as const, name }))],
    rows: [
      {
        title: 'All views',
        panels: [
          lines({
            title: 'Age of the newest row',
            description: 'Offline, by view; each view’s own page has its limit.',
            unit: 's',
            min: 0,
            queries: all(selector(monitor.viewAge.name), '{{view}}'),
          }),
          lines({
            title: 'Rows',
            description: 'In each view’s quality window.',
            unit: 'short',
            min: 0,
            queries: all(selector(monitor.viewRows.name), '{{view}}'),
          }),
          lines({
            title: 'Missing values',
            description: 'Of the feature that misses most, by view.',
            unit: 'percentunit',
            min: 0,
            queries: all(`max by (view) (${selector(monitor.missingRatio.name)})`, '{{view}}'),
          }),
          lines({
            title: 'Events waiting',
            description: 'Records in a topic that its consumer has not written yet.',
            unit: 'short',
            min: 0,
            queries: all(`sum by (view) (${selector(stream.lag.name)})`, '{{view}}'),
          }),
        ],
      },
    ],
  };
}

function viewPage(view: FeatureView): Page {
  const { name, freshnessSeconds, quality, features } = view;
  const about = { view: name };
  const window = duration(quality.windowSeconds);
  const missing = features.map(({ maxMissing }) => maxMissing).filter((share) => share !== null);
  const rows: Row[] = [
    {
      title: 'Data',
      panels: [
        lines({
          title: 'Age of the newest row',
          description: 'The red line is the view’s freshness.',
          unit: 's',
          min: 0,
          limit: freshnessSeconds === null ? null : { value: freshnessSeconds },
          queries: all(selector(monitor.viewAge.name, about), 'offline'),
        }),
        lines({
          title: `Rows in ${window}`,
          description: 'Volume of the quality window.',
          unit: 'short',
          min: 0,
          limit: quality.minRows === null ? null : { value: quality.minRows, isFloor: true },
          queries: all(selector(monitor.viewRows.name, about), 'rows'),
        }),
        lines({
          title: 'Missing values',
          description: `Share of the rows of ${window}, by feature.`,
          unit: 'percentunit',
          min: 0,
          limit: missing.length > 0 ? { value: Math.min(...missing) } : null,
          queries: all(selector(monitor.missingRatio.name, about), '{{feature}}'),
        }),
        ...ranged(view),
      ],
    },
  ];
  if (view.stream) rows.push(streamRow(view));
  return {
    kind: 'view',
    name,
    title: `Feature view ${name}`,
    description: view.description,
    origin: view.origin.file,
    links: [home, { title: 'Features', kind: 'features', name: null }],
    rows,
  };
}

/** Only of a view that states a range: nothing is measured of others. */
function ranged({ name, features }: FeatureView): Panel[] {
  if (
    !features.some(
      ({ type, min, max }) => (min !== null || max !== null) && !['string', 'bool', 'timestamp'].includes(type),
    )
  )
    return [];
  return [
    lines({
      title: 'Values out of range',
      description: 'Share outside the stated min and max, by feature; more than one in a hundred is told.',
      unit: 'percentunit',
      min: 0,
      limit: { value: 0.01 },
      queries: all(selector(monitor.outOfRangeRatio.name, { view: name }), '{{feature}}'),
    }),
  ];
}

function streamRow({ name, freshnessSeconds }: FeatureView): Row {
  const about = { view: name };
  const newest = selector(stream.newestEvent.name, about);
  return {
    title: 'Stream',
    panels: [
      lines({
        title: 'Records',
        description: 'A second, by what became of them: written, stale (something newer was there) or rejected.',
        unit: 'cps',
        min: 0,
        queries: all(`sum by (outcome) (${rate(stream.records.name, about)})`, '{{outcome}}'),
      }),
      lines({
        title: 'Events waiting',
        description: 'Records of the topic that are not committed yet, by partition.',
        unit: 'short',
        min: 0,
        queries: all(selector(stream.lag.name, about), 'partition {{partition}}'),
      }),
      lines({
        title: 'Age of the newest event',
        description: 'Since the event time of the newest row that was written.',
        unit: 's',
        min: 0,
        limit: freshnessSeconds === null ? null : { value: freshnessSeconds },
        queries: all(`time() - (${newest} > 0)`, 'newest event'),
      }),
      lines({
        title: 'Time from read to commit',
        description: 'Of a batch, the slowest hundredth.',
        unit: 's',
        min: 0,
        queries: all(
          `histogram_quantile(0.99, sum by (le) (${rate(`${stream.batchDuration.name}_bucket`, about)}))`,
          'p99',
        ),
      }),
      lines({
        title: 'Failed attempts to write',
        description: 'A second, by store; the consumer waits and tries again.',
        unit: 'cps',
        min: 0,
        queries: all(`sum by (store) (${rate(stream.storeErrors.name, about)})`, '{{store}}'),
      }),
    ],
  };
}

function modelPage(model: Model): Page {
  const { name, monitoring, task } = model;
  const about = { model: name };
  const { drift, quality } = monitoring;
  const views = [...new Set(model.features.map(({ view }) => view))];
  const limit = { value: drift.psi };
  const window = duration(drift.windowSeconds);
  const performance = METRICS[task].map((metric): Panel => {
    const stated = quality.limits.find((each) => each.metric === metric);
    const bound = stated ? (stated.max ?? stated.min) : null;
    return lines({
      title: `Performance: ${metric}`,
      description: `On predictions of ${duration(quality.windowSeconds)} whose labels have come, beside the naive baseline on the champion’s holdout.`,
      unit: 'short',
      width: 8,
      limit: bound === null ? null : { value: bound, isFloor: stated?.max === null },
      queries: [
        { expr: selector(monitor.performance.name, { ...about, metric }), legend: 'model' },
        { expr: selector(monitor.performanceBaseline.name, { ...about, metric }), legend: 'naive baseline' },
      ],
    });
  });
  const api = model.online ? [{ title: 'Online API', kind: 'api' as const, name }] : [];
  return {
    kind: 'model',
    name,
    title: `Model ${name}`,
    description: model.description,
    origin: model.origin.file,
    links: [home, ...api, ...views.map((view) => ({ title: view, kind: 'view' as const, name: view }))],
    rows: [
      {
        title: 'Now',
        panels: [
          figure({
            title: 'Predictions in the window',
            description: `Below ${drift.minSamples} nothing is compared.`,
            unit: 'short',
            width: 6,
            limit: { value: drift.minSamples, isFloor: true },
            queries: all(selector(monitor.driftSamples.name, about), ''),
          }),
          figure({
            title: 'Input drift, at most',
            description: `Population stability index of the input that moved most, over ${window}.`,
            unit: 'short',
            width: 6,
            decimals: 2,
            limit,
            queries: all(`max(${selector(monitor.inputPsi.name, about)})`, ''),
          }),
          figure({
            title: 'Predictions with labels',
            description: 'Those that performance is measured on.',
            unit: 'short',
            width: 6,
            limit: { value: quality.minSamples, isFloor: true },
            queries: all(selector(monitor.performanceSamples.name, about), ''),
          }),
          figure({
            title: 'Age of the newest label',
            description: 'Beyond the window nothing can be judged.',
            unit: 's',
            width: 6,
            limit: { value: quality.windowSeconds },
            queries: all(selector(monitor.labelsAge.name, about), ''),
          }),
        ],
      },
      { title: 'Performance', panels: performance },
      {
        title: 'Drift',
        panels: [
          lines({
            title: 'Inputs: population stability index',
            description: `Against the rows that the champion was trained on, over ${window}.`,
            unit: 'short',
            min: 0,
            limit,
            queries: all(selector(monitor.inputPsi.name, about), '{{input}}'),
          }),
          lines({
            title: 'Inputs: Kolmogorov-Smirnov',
            description: 'Largest distance of the two distribution functions.',
            unit: 'short',
            min: 0,
            queries: all(selector(monitor.inputKs.name, about), '{{input}}'),
          }),
          lines({
            title: 'Predictions',
            description: 'Against the champion’s on its holdout.',
            unit: 'short',
            min: 0,
            limit,
            queries: [
              { expr: selector(monitor.predictionPsi.name, about), legend: 'population stability index' },
              { expr: selector(monitor.predictionKs.name, about), legend: 'Kolmogorov-Smirnov' },
            ],
          }),
        ],
      },
    ],
  };
}

const METRICS = {
  regression: ['rmse', 'mae', 'r2'],
  classification: ['log_loss', 'roc_auc', 'accuracy', 'f1'],
} as const;

function apiPage(model: Model): Page {
  const { name, online } = model;
  const about = { model: name };
  const { latencySeconds, availability } = online?.objectives ?? { latencySeconds: null, availability: null };
  const slow = latencySeconds === null ? null : { value: latencySeconds };
  const quantile = (share: number) =>
    `histogram_quantile(${share}, sum by (le) (${rate(`${serving.duration.name}_bucket`, about)}))`;
  const served = `sum(${rate(serving.requests.name, about)})`;
  const failed = `(sum(rate(${selector(serving.requests.name, about).replace('}', ',status=~"5.."}')}${RATE})) or vector(0))`;
  const burns = objectivesOf(model).map((objective) =>
    lines({
      title: `${objective.title}: share of requests that miss it`,
      description: `The objective allows the share at the red line; beyond it the budget burns.`,
      unit: 'percentunit',
      min: 0,
      limit: { value: objective.budget },
      queries: [300, 3600, 21_600].map((window) => ({
        expr: selector(recorded(objective, window), about),
        legend: duration(window),
      })),
    }),
  );
  return {
    kind: 'api',
    name,
    title: `Online API ${name}`,
    description: model.description,
    origin: model.origin.file,
    links: [home, { title: 'Model', kind: 'model', name }],
    rows: [
      {
        title: 'Now',
        panels: [
          figure({
            title: 'Ready',
            description: '1 while it can predict.',
            unit: 'short',
            limit: { value: 1, isFloor: true },
            queries: all(`min(${selector(serving.ready.name, about)})`, ''),
          }),
          figure({
            title: 'Version',
            description: 'Of the model in the registry.',
            unit: 'short',
            queries: all(`max by (version) (${selector(serving.modelInfo.name, about)} == 1)`, '{{version}}'),
          }),
          figure({ title: 'Requests', description: 'A second.', unit: 'reqps', queries: all(served, '') }),
          figure({
            title: 'Failing',
            description: 'Share of requests that fail on our side.',
            unit: 'percentunit',
            decimals: 2,
            limit: availability === null ? null : { value: Number((1 - availability).toPrecision(12)) },
            queries: all(`${failed} / ${served}`, ''),
          }),
          figure({
            title: 'p99',
            description: '99 of 100 requests take no longer.',
            unit: 's',
            limit: slow,
            queries: all(quantile(0.99), ''),
          }),
          figure({
            title: 'In flight',
            description: 'Requests that are being answered.',
            unit: 'short',
            queries: all(`sum(${selector(serving.inFlight.name, about)})`, ''),
          }),
        ],
      },
      {
        title: 'Requests',
        panels: [
          lines({
            title: 'Requests by status',
            description: 'A second.',
            unit: 'reqps',
            min: 0,
            queries: all(`sum by (status) (${rate(serving.requests.name, about)})`, '{{status}}'),
          }),
          lines({
            title: 'Latency',
            description: 'The red line is the objective for p99.',
            unit: 's',
            min: 0,
            limit: slow,
            queries: [
              { expr: quantile(0.5), legend: 'p50' },
              { expr: quantile(0.95), legend: 'p95' },
              { expr: quantile(0.99), legend: 'p99' },
            ],
          }),
          ...burns,
        ],
      },
      {
        title: 'Features and predictions',
        panels: [
          lines({
            title: 'Age of the features used',
            description: 'Nine in ten rows are no older, by view.',
            unit: 's',
            min: 0,
            queries: all(
              `histogram_quantile(0.9, sum by (le, view) (${rate(`${serving.featureAge.name}_bucket`, about)}))`,
              '{{view}}',
            ),
          }),
          lines({
            title: 'Look-ups that found nothing fresh',
            description: 'A second, by view.',
            unit: 'cps',
            min: 0,
            queries: all(`sum by (view) (${rate(serving.missingFeatures.name, about)})`, '{{view}}'),
          }),
          {
            kind: 'heatmap',
            width: 12,
            title: 'Predictions',
            description: 'How many, by value.',
            unit: 'short',
            queries: all(
              `sum by (le) (increase(${selector(`${serving.prediction.name}_bucket`, about)}${RATE}))`,
              '{{le}}',
            ),
          },
          lines({
            title: 'Predictions by version',
            description: 'A second; after a promotion the new version takes over.',
            unit: 'cps',
            min: 0,
            queries: all(`sum by (version) (${rate(serving.predictions.name, about)})`, 'version {{version}}'),
          }),
          lines({
            title: 'Predictions that could not be logged',
            description: 'They are given, and late labels cannot join them.',
            unit: 'cps',
            min: 0,
            queries: all(rate(serving.logErrors.name, about), 'not logged'),
          }),
        ],
      },
    ],
  };
}

function teamPage({ name, uid, title, description, panels, origin }: OwnDashboard): Page {
  return {
    kind: 'team',
    name,
    uid,
    title,
    description,
    origin: origin.file,
    links: [home],
    rows: [
      {
        title,
        panels: panels.map((panel) =>
          lines({ title: panel.title, description: panel.expr, unit: panel.unit, queries: all(panel.expr, '') }),
        ),
      },
    ],
  };
}
