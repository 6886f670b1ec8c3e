import { onField, swap } from '../../change-rule.ts';

export const rule = onField(
  'log_index',
  ['pattern', 'priority'],
  {
    code: 'PLN732',
    class: 'recreate',
    title: 'a log index is for other indices',
    why: 'Only indices that are made from then on have its fields; those that are there stay as they are.',
    whatToDo: 'Roll the data stream over once this is out',
  },
  ({ name, field, from, to }) => `the ${field} of ${name} is ${swap(from, to)}`,
);
