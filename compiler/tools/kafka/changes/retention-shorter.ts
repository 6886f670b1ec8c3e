import { onField, timeSwap } from '../../change-rule.ts';

export const rule = onField(
  'stream',
  'retentionSeconds',
  {
    code: 'PLN302',
    class: 'one-way',
    title: 'records are kept for a shorter time',
    why:
      'Kafka deletes what is older, at once; a consumer that is behind, or a backfill from the ' +
      'topic, no longer finds it.',
    whatToDo: 'See that no consumer is further behind than that',
  },
  ({ before, from, to }) =>
    Number(to) < Number(from) ? `${before.topic} keeps records for ${timeSwap(from, to)}` : null,
);
