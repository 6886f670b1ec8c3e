import { onField, swap } from '../../../tools/change-rule.ts';

export const rule = onField(
  ['entity', 'feature_view', 'model', 'pipeline', 'alert'],
  'owner',
  {
    code: 'PLN810',
    class: 'compatible',
    title: 'something changes its owner',
    why: 'Its alerts call somebody else from now on, and another team answers for it.',
    whatToDo: 'Let both owners agree',
  },
  ({ name, from, to }) => `${name} belongs to ${swap(from, to)}`,
);
