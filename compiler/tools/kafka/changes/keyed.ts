import { onField } from '../../change-rule.ts';

export const rule = onField(
  'stream',
  'keyed',
  {
    code: 'PLN308',
    class: 'breaking',
    title: "whether events have their join keys as Kafka's key changes",
    why:
      'Without a key the records of one entity have no order; with one, producers that send none ' +
      'write where nobody expects it.',
    whatToDo: 'Change the producers first',
  },
  ({ before, to }) =>
    `events of ${before.topic} ${to === true ? 'must have' : 'no longer have'} their join keys as Kafka's key`,
);
