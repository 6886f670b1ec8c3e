import { onField, swap } from '../../change-rule.ts';

export const rule = onField(
  'stream',
  'consumerGroup',
  {
    code: 'PLN310',
    class: 'recreate',
    title: 'a consumer has another group',
    why: 'A new group has no offsets: it begins with what is still in the topic.',
    whatToDo: 'Nothing is written twice into the online store, where the newest event time wins',
  },
  ({ name, from, to }) => `${name} is read by the group ${swap(from, to)}`,
);
