/** What the monitor measures of a feature view's rows. */
import { monitor } from '../../../ir/metrics.ts';
import type { Feature, FeatureView } from '../../../ir/types.ts';
import { type AlertRule, alertFile, duration, percent, type RuleFile, selector } from '../../rule.ts';
import { MEASURED_AGAIN, MONITOR_STUCK, threshold } from '../../threshold.ts';
import { never } from './never.ts';

export const viewFile = (view: FeatureView): RuleFile =>
  alertFile(`view_${view.name}`, `view ${view.name}`, view.origin.file, [
    ...stale(view),
    ...empty(view),
    ...short(view),
    ...view.features.flatMap((feature) => [...missing(view, feature), ...outOfRange(view, feature)]),
  ]);

function stale({ name, owner, freshnessSeconds }: FeatureView): AlertRule[] {
  if (freshnessSeconds === null) return [];
  return [
    threshold({
      alert: 'ViewStale',
      metric: monitor.viewAge.name,
      labels: { view: name },
      sign: '>',
      limit: freshnessSeconds,
      forSeconds: 300,
      owner,
      subject: { view: name },
      summary: `${name}: the newest row is older than ${duration(freshnessSeconds)}`,
      description: 'The view promises this freshness; the pipeline that writes it, or its stream, has stopped.',
    }),
  ];
}

/** Of a view without rows there is no age. */
function empty({ name, owner, freshnessSeconds }: FeatureView): AlertRule[] {
  if (freshnessSeconds === null) return [];
  return [
    never({
      alert: 'ViewEmpty',
      series: selector(monitor.viewAge.name, { view: name }),
      measuredBy: 'views',
      forSeconds: Math.max(freshnessSeconds, MONITOR_STUCK),
      owner,
      subject: { view: name },
      summary: `${name}: has had no row for ${duration(Math.max(freshnessSeconds, MONITOR_STUCK))}`,
      description: 'Its table is empty or not there: what writes it has never run, or has removed everything.',
    }),
  ];
}

function short({ name, owner, quality: { minRows, windowSeconds } }: FeatureView): AlertRule[] {
  if (minRows === null) return [];
  return [
    threshold({
      alert: 'ViewShort',
      metric: monitor.viewRows.name,
      labels: { view: name },
      sign: '<',
      limit: minRows,
      forSeconds: MEASURED_AGAIN,
      owner,
      subject: { view: name },
      summary: `${name}: fewer than ${minRows} rows in ${duration(windowSeconds)}`,
      description: 'Fewer rows arrived than the view requires: its source may deliver only a part of them.',
    }),
  ];
}

function missing({ name, owner, quality }: FeatureView, { name: feature, maxMissing }: Feature): AlertRule[] {
  if (maxMissing === null) return [];
  const window = duration(quality.windowSeconds);
  return [
    threshold({
      alert: 'FeatureMissing',
      metric: monitor.missingRatio.name,
      labels: { view: name, feature },
      sign: '>',
      limit: maxMissing,
      forSeconds: MEASURED_AGAIN,
      owner,
      subject: { view: name, feature },
      summary: `${name}.${feature}: more than ${percent(maxMissing)} of the values are missing`,
      description: `Over the rows of the last ${window}; models get a missing value, or reject the row.`,
    }),
  ];
}

/** A few values outside their range may be a sensor; more is a fault. */
const MOST_OUT_OF_RANGE = 0.01;

function outOfRange({ name, owner, quality }: FeatureView, { name: feature, min, max }: Feature): AlertRule[] {
  if (min === null && max === null) return [];
  const [most, range] = [percent(MOST_OUT_OF_RANGE), `${min ?? '-∞'} to ${max ?? '∞'}`];
  return [
    threshold({
      alert: 'FeatureOutOfRange',
      metric: monitor.outOfRangeRatio.name,
      labels: { view: name, feature },
      sign: '>',
      limit: MOST_OUT_OF_RANGE,
      forSeconds: MEASURED_AGAIN,
      owner,
      subject: { view: name, feature },
      summary: `${name}.${feature}: more than ${most} of the values are outside ${range}`,
      description: `Over the rows of the last ${duration(quality.windowSeconds)}; the view states the range.`,
    }),
  ];
}
