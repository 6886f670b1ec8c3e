import { onField, swap, timeSwap } from '../../../tools/change-rule.ts';

export const rule = onField(
  'batch',
  ['entities', 'windowSeconds'],
  {
    code: 'PLN483',
    class: 'compatible',
    byName: true,
    title: 'other rows are scored',
    why: 'Readers find predictions for more, fewer or other rows.',
    whatToDo: 'Ask who reads the table',
  },
  ({ name, field, from, to }) =>
    field === 'entities'
      ? `${name} scores the rows of ${swap(from, to)}`
      : `${name} scores the newest ${timeSwap(from, to)}`,
);
