import { onField } from '../../change-rule.ts';

export const rule = onField(
  'stream',
  'partitions',
  {
    code: 'KAF001',
    class: 'breaking',
    title: 'fewer partitions than before',
    why:
      'Kafka takes no partition away: the deploy leaves the topic as it is, or somebody deletes it ' +
      'with all its records.',
    whatToDo: 'Keep the number, or stream into a new topic and move producers and consumer over',
  },
  ({ name, from, to, before }) =>
    Number(to) < Number(from)
      ? `the topic ${before.topic} of ${name} has ${from} partitions, and cannot have ${to}`
      : null,
);
