import { onField } from '../../change-rule.ts';

export const rule = onField(
  'stream',
  'replication',
  {
    code: 'PLN305',
    class: 'recreate',
    title: 'records have another number of copies',
    why: 'The partitions have to be moved by hand; the deploy says that they differ.',
    whatToDo: 'Move the partitions (`kafka-reassign-partitions`) before this goes out',
  },
  ({ before, from, to }) => `${before.topic} has ${to} copies of each record instead of ${from}`,
);
