import { onRemoved } from '../../change-rule.ts';

export const rule = onRemoved(
  'log_index',
  {
    code: 'PLN731',
    class: 'one-way',
    title: 'a log index is removed',
    why: 'Indices that are made from then on have the fields that the first line in them suggests.',
    whatToDo: 'See that nothing writes by this pattern any more',
  },
  ({ before }) => `indices of ${before.pattern} are no longer made by it`,
);
