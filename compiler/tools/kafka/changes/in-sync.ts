import { onField } from '../../change-rule.ts';

export const rule = onField(
  'stream',
  'minInSync',
  {
    code: 'PLN306',
    class: 'compatible',
    title: 'a write waits for another number of copies',
    why:
      'With fewer a record can be lost that was acknowledged; with more, writes stop as soon as too' +
      ' few brokers are there.',
    whatToDo: 'See that producers wait for all copies (`acks=all`)',
  },
  ({ before, from, to }) => `a record of ${before.topic} is written once ${to} instead of ${from} brokers have it`,
);
