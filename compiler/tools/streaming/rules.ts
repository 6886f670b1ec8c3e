/** The consumer of a view's topic. */
import { stream } from '../../ir/metrics.ts';
import type { FeatureView } from '../../ir/types.ts';
import { type AlertRule, alertFile, duration, firesAndNot, number, over, type RuleFile, selector } from '../rule.ts';

export const streamFile = (view: FeatureView): RuleFile =>
  alertFile(`stream_${view.name}`, `stream of ${view.name}`, view.origin.file, [
    down(view),
    stuck(view),
    behind(view),
    rejected(view),
    ...stale(view),
  ]);

const STUCK = 300;
/** What follows when nothing is written, or not enough. */
const DELAYED = ['StreamFallsBehind', 'StreamStale', 'ViewStale'];

const records = (view: string, outcome: string): string => selector(stream.records.name, { view, outcome });

function down({ name: view, owner }: FeatureView): AlertRule {
  const up = selector('up', { job: 'stream', view });
  return {
    alert: 'StreamConsumerDown',
    expr: `${up} == 0`,
    forSeconds: 60,
    severity: 'page',
    owner,
    subject: { view },
    explains: { alerts: ['StreamConsumerStuck', ...DELAYED], by: ['view'] },
    summary: `${view}: its stream consumer does not answer`,
    description: 'Prometheus has not been able to scrape its /metrics for a minute; events wait in the topic.',
    tests: firesAndNot(
      5,
      { name: `${view}: a dead consumer fires`, series: { [up]: '0x10' } },
      { name: `${view}: a living consumer is quiet`, series: { [up]: '1x10' } },
    ),
  };
}

function stuck({ name: view, owner }: FeatureView): AlertRule {
  const lag = selector(stream.lag.name, { view, partition: '0' });
  const waiting = `sum(${selector(stream.lag.name, { view })}) > 0`;
  return {
    alert: 'StreamConsumerStuck',
    // Of a consumer that was just started there is no record yet.
    expr: `${waiting} and (sum(increase(${over(stream.records.name, { view }, STUCK)})) or vector(0)) == 0`,
    forSeconds: STUCK,
    severity: 'page',
    owner,
    subject: { view },
    explains: { alerts: DELAYED, by: ['view'] },
    summary: `${view}: events are waiting and none is written`,
    description: 'A store or the broker is not responding; /readyz of the consumer says which.',
    tests: firesAndNot(
      20,
      {
        name: `${view}: waiting events of which none is written fire`,
        series: { [lag]: '7x30', [records(view, 'written')]: '100x30' },
      },
      {
        name: `${view}: a busy consumer is quiet`,
        series: { [lag]: '7x30', [records(view, 'written')]: '0+10x30' },
      },
    ),
  };
}

/** Freshness may be long because little happens at night; what is written an hour late is late all the same. */
const LONGEST_WAIT = 3600;

/** What is waiting, at the pace at which it is taken, is how long an event waits (Little's law). */
function behind({ name: view, owner, freshnessSeconds }: FeatureView): AlertRule {
  const limit = Math.min(freshnessSeconds ?? LONGEST_WAIT, LONGEST_WAIT);
  const lag = selector(stream.lag.name, { view, partition: '0' });
  const waiting = `sum(min_over_time(${over(stream.lag.name, { view }, STUCK)}))`;
  const series = (growth: number) => ({
    [lag]: `${growth * limit}+${growth}x60`,
    [records(view, 'written')]: '0+60x60',
  });
  return {
    alert: 'StreamFallsBehind',
    expr: `${waiting} / sum(rate(${over(stream.records.name, { view }, 2 * STUCK)})) > ${number(limit)}`,
    forSeconds: 2 * STUCK,
    severity: 'ticket',
    owner,
    subject: { view },
    summary: `${view}: events wait for more than ${duration(limit)} before they are written`,
    description: 'More events come than its consumer writes; it will not catch up by itself.',
    tests: firesAndNot(
      50,
      { name: `${view}: a consumer that falls behind fires`, series: series(60) },
      { name: `${view}: a consumer that keeps up is quiet`, series: { ...series(0), [lag]: '60x60' } },
    ),
  };
}

function rejected({ name: view, owner }: FeatureView): AlertRule {
  return {
    alert: 'StreamRecordsRejected',
    expr: `sum(increase(${over(stream.records.name, { view, outcome: 'rejected' }, STUCK)})) > 0`,
    forSeconds: 0,
    severity: 'ticket',
    owner,
    subject: { view },
    summary: `${view}: records go to the dead-letter topic`,
    description: 'The header mlops.reason of each record says what is wrong with it.',
    tests: firesAndNot(
      7,
      { name: `${view}: a rejected record fires`, series: { [records(view, 'rejected')]: '0x5 1x20' } },
      { name: `${view}: no rejected record is quiet`, series: { [records(view, 'rejected')]: '3x20' } },
    ),
  };
}

function stale({ name: view, owner, freshnessSeconds }: FeatureView): AlertRule[] {
  if (freshnessSeconds === null) return [];
  const newest = selector(stream.newestEvent.name, { view });
  const minutes = Math.ceil(freshnessSeconds / 60) + 20;
  return [
    {
      alert: 'StreamStale',
      expr: `time() - max(${newest} > 0) > ${number(freshnessSeconds)}`,
      forSeconds: STUCK,
      severity: 'ticket',
      owner,
      subject: { view },
      summary: `${view}: the newest event is older than ${duration(freshnessSeconds)}`,
      description: 'The view promises this freshness; its producer may have stopped.',
      tests: firesAndNot(
        minutes,
        { name: `${view}: an old newest event fires`, series: { [newest]: `1x${minutes}` } },
        { name: `${view}: a new one is quiet`, series: { [newest]: `0+60x${minutes}` } },
      ),
    },
  ];
}
