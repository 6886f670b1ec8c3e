import { stream } from '../../../ir/metrics.ts';
import type { FeatureView } from '../../../ir/types.ts';
import { all, lines, type Row, rate, selector } from '../../page.ts';

/** Of a streamed view's page. */
export function streamRow({ name, freshnessSeconds }: FeatureView): Row {
  const about = { view: name };
  const newest = selector(stream.newestEvent.name, about);
  const batches = rate(`${stream.batchDuration.name}_bucket`, about);
  return {
    title: 'Stream',
    panels: [
      lines({
        title: 'Records',
        description: 'Per second, by outcome: written, stale (a newer value was already there) or rejected.',
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
        description: 'Time since the event time of the newest row written.',
        unit: 's',
        min: 0,
        limit: freshnessSeconds === null ? null : { value: freshnessSeconds },
        queries: all(`time() - (${newest} > 0)`, 'newest event'),
      }),
      lines({
        title: 'Time from read to commit',
        description: '99th percentile of all batches.',
        unit: 's',
        min: 0,
        queries: all(`histogram_quantile(0.99, sum by (le) (${batches}))`, 'p99'),
      }),
      lines({
        title: 'Failed attempts to write',
        description: 'Per second, by store. The consumer waits and retries.',
        unit: 'cps',
        min: 0,
        queries: all(`sum by (store) (${rate(stream.storeErrors.name, about)})`, '{{store}}'),
      }),
    ],
  };
}
