import { onField } from '../../change-rule.ts';

export const rule = onField(
  'stream',
  'partitions',
  {
    code: 'PLN301',
    class: 'one-way',
    title: 'more partitions on a topic without keys',
    why: 'There is no way back to fewer.',
    whatToDo: 'See that the brokers have room for them',
  },
  ({ name, from, to, before }) =>
    Number(to) > Number(from) && !before.keyed
      ? `${before.topic} (${name}) has ${to} partitions instead of ${from}`
      : null,
);
