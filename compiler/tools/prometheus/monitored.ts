/**
 * Alerts on what the monitor measures: data, drift, performance, pipelines. Each with the series on which it must and
 * must not fire.
 */
import { monitor } from '../../ir/metrics.ts';
import type { FeatureView, Ir, Model, Pipeline } from '../../ir/types.ts';
import { type AlertRule, duration, number, type RuleTest, type Severity, selector } from './rule.ts';

export interface Watched {
  alerts: AlertRule[];
  tests: RuleTest[];
}

interface Threshold {
  alert: string;
  metric: string;
  labels: Record<string, string>;
  sign: '>' | '<';
  limit: number;
  forSeconds: number;
  severity?: Severity;
  owner: string;
  subject: Record<string, string>;
  summary: string;
  description: string;
  /** Test values on either side of the limit; derived from it where they are left out. */
  bad?: number;
  good?: number;
}

/** An alert on a gauge that passes a limit, and its two tests. */
function threshold({
  alert,
  metric,
  labels,
  sign,
  limit,
  forSeconds,
  severity = 'ticket',
  ...rest
}: Threshold): Watched {
  const { owner, subject, summary, description } = rest;
  const rule: AlertRule = {
    alert,
    expr: `${selector(metric, labels)} ${sign} ${number(limit)}`,
    forSeconds,
    severity,
    owner,
    subject,
    summary,
    description,
  };
  const step = Math.max(Math.abs(limit) / 2, 0.001);
  const over = sign === '>' ? limit + step : limit - step;
  const under = sign === '>' ? limit - step : limit + step;
  const minutes = Math.ceil(forSeconds / 60) + 10;
  const name = `${Object.values(subject).join(' ')}: ${alert}`;
  const series = (value: number) => ({ [selector(metric, labels)]: `${number(value)}x${minutes}` });
  return {
    alerts: [rule],
    tests: [
      { name: `${name} fires`, series: series(over), afterMinutes: minutes, alert: rule, fires: true },
      { name: `${name} is quiet`, series: series(under), afterMinutes: minutes, alert: rule, fires: false },
    ],
  };
}

const together = (all: Watched[]): Watched => ({
  alerts: all.flatMap(({ alerts }) => alerts),
  tests: all.flatMap(({ tests }) => tests),
});

/** A few values outside their range may be a sensor; more is a fault. */
const MOST_OUT_OF_RANGE = 0.01;
const MEASURED_AGAIN = 60;

export function viewWatch(view: FeatureView): Watched {
  const { name, owner, freshnessSeconds, quality, features } = view;
  const about = { owner, subject: { view: name }, forSeconds: MEASURED_AGAIN };
  const found: Watched[] = [];
  if (freshnessSeconds !== null)
    found.push(
      threshold({
        ...about,
        alert: 'ViewStale',
        metric: monitor.viewAge.name,
        labels: { view: name },
        sign: '>',
        limit: freshnessSeconds,
        forSeconds: 300,
        summary: `${name}: the newest row is older than ${duration(freshnessSeconds)}`,
        description: 'The view promises this freshness; the pipeline that writes it, or its stream, has stopped.',
      }),
    );
  if (quality.minRows !== null)
    found.push(
      threshold({
        ...about,
        alert: 'ViewShort',
        metric: monitor.viewRows.name,
        labels: { view: name },
        sign: '<',
        limit: quality.minRows,
        summary: `${name}: fewer than ${quality.minRows} rows in ${duration(quality.windowSeconds)}`,
        description: 'Less came than the view states: the source may deliver only in part.',
      }),
    );
  for (const { name: feature, maxMissing, min, max } of features) {
    const each = { ...about, subject: { view: name, feature }, labels: { view: name, feature } };
    if (maxMissing !== null)
      found.push(
        threshold({
          ...each,
          alert: 'FeatureMissing',
          metric: monitor.missingRatio.name,
          sign: '>',
          limit: maxMissing,
          summary: `${name}.${feature}: more than ${percent(maxMissing)} of the values are missing`,
          description: `Of the rows of the last ${duration(quality.windowSeconds)}; models get a missing value, or refuse.`,
        }),
      );
    if (min !== null || max !== null)
      found.push(
        threshold({
          ...each,
          alert: 'FeatureOutOfRange',
          metric: monitor.outOfRangeRatio.name,
          sign: '>',
          limit: MOST_OUT_OF_RANGE,
          summary: `${name}.${feature}: more than ${percent(MOST_OUT_OF_RANGE)} of the values are outside ${range(min, max)}`,
          description: `Of the rows of the last ${duration(quality.windowSeconds)}; the view states the range.`,
        }),
      );
  }
  return together(found);
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(6))} %`;
const range = (min: number | null, max: number | null): string => `${min ?? '-∞'} to ${max ?? '∞'}`;

/** One alert for all inputs: each that has moved is told by its label. */
export function modelWatch(model: Model): Watched {
  const { name, owner, monitoring } = model;
  const about = { owner, subject: { model: name }, forSeconds: MEASURED_AGAIN };
  const { drift, quality } = monitoring;
  const window = duration(drift.windowSeconds);
  const inputs = drifted(model);
  return together([
    ...(inputs ? [inputs] : []),
    threshold({
      ...about,
      alert: 'PredictionDrift',
      metric: monitor.predictionPsi.name,
      labels: { model: name },
      sign: '>',
      limit: drift.psi,
      summary: `${name}: its predictions are not distributed as they were on its holdout`,
      description: `Their population stability index over ${window} is above ${drift.psi}.`,
    }),
    ...limits(model),
    threshold({
      ...about,
      alert: 'LabelsLate',
      metric: monitor.labelsAge.name,
      labels: { model: name },
      sign: '>',
      limit: quality.windowSeconds,
      forSeconds: 300,
      summary: `${name}: no label for ${duration(quality.windowSeconds)}`,
      description: 'Nothing served lately can be judged: what writes the label has stopped, or is late.',
    }),
  ]);
}

function drifted({ name, owner, inputs, monitoring: { drift } }: Model): Watched | null {
  const watched = inputs.filter((input) => !drift.ignore.includes(input.name));
  const [first] = watched;
  if (!first) return null;
  const labels = { model: name };
  const found = threshold({
    alert: 'InputDrift',
    metric: monitor.inputPsi.name,
    labels,
    sign: '>',
    limit: drift.psi,
    forSeconds: MEASURED_AGAIN,
    owner,
    subject: labels,
    summary: `${name}: the input {{ $labels.input }} is not distributed as in its training rows`,
    description: `Its population stability index over ${duration(drift.windowSeconds)} is above ${drift.psi}.`,
  });
  // promtool sees one input of them.
  const renamed = found.tests.map((test) => ({
    ...test,
    series: Object.fromEntries(
      Object.values(test.series).map((values) => [
        selector(monitor.inputPsi.name, { ...labels, input: first.name }),
        values,
      ]),
    ),
  }));
  return { alerts: found.alerts, tests: renamed };
}

/** The limits that the spec states; a model without any has to be better than its naive baseline. */
function limits(model: Model): Watched[] {
  const { name, owner, monitoring, train } = model;
  const about = {
    owner,
    subject: { model: name },
    alert: 'ModelPerformance',
    metric: monitor.performance.name,
    forSeconds: MEASURED_AGAIN,
  };
  const window = duration(monitoring.quality.windowSeconds);
  const stated = monitoring.quality.limits.flatMap(({ metric, min, max }) => {
    const each = { ...about, subject: { model: name, metric }, labels: { model: name, metric } };
    const description = `On the predictions of the last ${window} whose labels have come.`;
    return [
      ...(max === null
        ? []
        : [
            threshold({
              ...each,
              sign: '>',
              limit: max,
              summary: `${name}: its ${metric} is above ${max}`,
              description,
            }),
          ]),
      ...(min === null
        ? []
        : [
            threshold({
              ...each,
              sign: '<',
              limit: min,
              summary: `${name}: its ${metric} is below ${min}`,
              description,
            }),
          ]),
    ];
  });
  return stated.length > 0 ? stated : [belowBaseline(name, owner, train)];
}

function belowBaseline(model: string, owner: string, { metric, goal }: Model['train']): Watched {
  const labels = { model, metric };
  const [now, naive] = [selector(monitor.performance.name, labels), selector(monitor.performanceBaseline.name, labels)];
  const rule: AlertRule = {
    alert: 'ModelPerformance',
    expr: `${now} ${goal === 'minimize' ? '>' : '<'} ${naive}`,
    forSeconds: MEASURED_AGAIN,
    severity: 'ticket',
    owner,
    subject: labels,
    summary: `${model}: its ${metric} is no better than the naive baseline's`,
    description: 'On predictions whose labels have come, against the baseline on the champion’s holdout.',
  };
  const [worse, better] = goal === 'minimize' ? [3, 1] : [1, 3];
  const test = (name: string, value: number, fires: boolean): RuleTest => ({
    name: `${model}: ${name}`,
    series: { [now]: `${value}x20`, [naive]: '2x20' },
    afterMinutes: 15,
    alert: rule,
    fires,
  });
  return {
    alerts: [rule],
    tests: [
      test('worse than the baseline fires', worse, true),
      test('better than the baseline is quiet', better, false),
    ],
  };
}

/** Longest distance of two runs that a schedule allows, in seconds; null where no clock starts it. */
export type LongestGap = (pipeline: Pipeline) => number | null;

export function pipelineWatch(pipeline: Pipeline, gap: number | null): Watched {
  const { name, owner } = pipeline;
  const subject = { pipeline: name };
  const failed = threshold({
    alert: 'PipelineFailed',
    metric: monitor.pipelineResult.name,
    labels: { ...subject, result: 'failed' },
    sign: '>',
    limit: 0,
    forSeconds: 0,
    owner,
    subject,
    summary: `${name}: its last run failed`,
    description:
      'Airflow shows which step, and what it said. A candidate that the gate refused does not count as failed.',
  });
  return together([failed, ...(gap === null ? [] : [late(name, owner, gap)])]);
}

function late(pipeline: string, owner: string, gap: number): Watched {
  const subject = { pipeline };
  const limit = 2 * gap;
  const metric = selector(monitor.pipelineSuccess.name, subject);
  const rule: AlertRule = {
    alert: 'PipelineLate',
    expr: `time() - ${metric} > ${number(limit)}`,
    forSeconds: 0,
    severity: 'ticket',
    owner,
    subject,
    summary: `${pipeline}: no good run for ${duration(limit)}`,
    description: `Its schedule starts one at least every ${duration(gap)}.`,
  };
  const minutes = Math.ceil(limit / 60) + 20;
  const test = (name: string, values: string, fires: boolean): RuleTest => ({
    name: `${pipeline}: ${name}`,
    series: { [metric]: values },
    afterMinutes: minutes,
    alert: rule,
    fires,
  });
  return {
    alerts: [rule],
    tests: [
      test('a late pipeline fires', `0x${minutes}`, true),
      test('one in time is quiet', `0+60x${minutes}`, false),
    ],
  };
}

/** The monitor itself: without it all of the above would be silent. */
export function monitorWatch({ platform }: Ir): Watched {
  const owner = platform.owners[0]?.name ?? '';
  const up = selector('up', { job: 'monitor' });
  const rule: AlertRule = {
    alert: 'MonitorDown',
    expr: `absent(${up} == 1)`,
    forSeconds: 120,
    severity: 'ticket',
    owner,
    subject: {},
    summary: 'The monitor does not answer',
    description: 'Data quality, drift, performance and pipelines are not watched meanwhile.',
  };
  const stuck: AlertRule = {
    alert: 'MonitorStuck',
    expr: `time() - ${monitor.lastSuccess.name} > 900`,
    forSeconds: 0,
    severity: 'ticket',
    owner,
    subject: {},
    summary: 'The monitor {{ $labels.monitor }} has measured nothing for 15 minutes',
    description: '/readyz of the monitor says why.',
  };
  const stamp = selector(monitor.lastSuccess.name, { monitor: 'views' });
  const test = (name: string, alert: AlertRule, series: Record<string, string>, fires: boolean): RuleTest => ({
    name,
    series,
    afterMinutes: 30,
    alert,
    fires,
  });
  return {
    alerts: [rule, stuck],
    tests: [
      test('a dead monitor fires', rule, { [up]: '0x40' }, true),
      test('a monitor that is gone fires', rule, {}, true),
      test('a living monitor is quiet', rule, { [up]: '1x40' }, false),
      test('a monitor that measures nothing fires', stuck, { [stamp]: '0x40' }, true),
      test('a monitor that measures is quiet', stuck, { [stamp]: '0+60x40' }, false),
    ],
  };
}
