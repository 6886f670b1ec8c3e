import { onField } from '../../change-rule.ts';

export const rule = onField(
  'stream',
  'partitions',
  {
    code: 'KAF002',
    class: 'one-way',
    title: 'more partitions on a keyed topic',
    why:
      'A key goes to another partition from then on, so for a while its records are read out of ' +
      'order; there is no way back to fewer.',
    whatToDo:
      'Let the consumer read everything first, or see that the newest event time wins, as it does ' +
      'in the online store',
  },
  ({ name, from, to, before }) =>
    Number(to) > Number(from) && before.keyed
      ? `keys of ${before.topic} (${name}) spread over ${to} partitions instead of ${from}`
      : null,
);
